"""SMS: what they say, the gateway that takes them, and the sender between outbox and gateway."""

from .gateway import Away, Gateway
from .sender import Sender, send_next
from .settings import GatewayAddress, SmsSettings, sms_settings

__all__ = ["Away", "Gateway", "GatewayAddress", "Sender", "SmsSettings", "send_next", "sms_settings"]
