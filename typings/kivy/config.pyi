class ConfigParser:
    def set(self, section: str, option: str, value: str) -> None: ...

Config: ConfigParser
