// The slip in the browser: its text, its keys, its sealed status. Tables: docs/contract.md.
// Nothing here reaches the network, and nothing of the key leaves this module's callers.

export class Damaged extends Error {}

const DAMM = ["0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
  "3674209581", "5869720134", "8945362017", "9438617205", "2581436790"];

/** Read what follows `#` of a slip's address: {tracking, key}. Throws Damaged. */
export function parseSlip(text) {
  const found = /^([0-9]{11})\.([A-Z2-7]{26})$/.exec(text.toUpperCase());
  if (!found || [...found[1]].reduce((row, digit) => Number(DAMM[row][digit]), 0) !== 0) throw new Damaged("slip");
  return { tracking: found[1], key: base32(found[2]) };
}

/** Bytes of base32 letters without padding; spare bits must be zero. Throws Damaged. */
export function base32(letters) {
  const out = [];
  let bits = 0, value = 0;
  for (const letter of letters.toUpperCase()) {
    const five = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter);
    if (five < 0) throw new Damaged("base32");
    value = (value << 5 | five) & 0xfff;
    bits += 5;
    if (bits >= 8) { bits -= 8; out.push(value >> bits & 0xff); }
  }
  if (bits >= 5 || value & (1 << bits) - 1) throw new Damaged("base32");
  return new Uint8Array(out);
}

/** Derive slot (lower-case hex) and seal key of a slip key (16 bytes): HKDF-SHA256 with an empty salt. */
export async function derive(key) {
  const material = await crypto.subtle.importKey("raw", key, "HKDF", false, ["deriveBits", "deriveKey"]);
  const hkdf = (info) => ({ name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: new TextEncoder().encode(info) });
  const slot = new Uint8Array(await crypto.subtle.deriveBits(hkdf("istilam slot v1"), material, 128));
  const seal = await crypto.subtle.deriveKey(
    hkdf("istilam seal v1"), material, { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
  return { slot, seal, name: [...slot].map((byte) => byte.toString(16).padStart(2, "0")).join("") };
}

/** Open a sealed status: {version, fields}. Throws Damaged if one bit is not as the office sealed it. */
export async function openSealed(sealed, { slot, seal }) {
  if (sealed[0] !== 1 || sealed.length < 37 + 128 || (sealed.length - 37) % 128) throw new Damaged("shape");
  const additionalData = new Uint8Array([...slot, ...sealed.subarray(0, 9)]);
  let padded;
  try {
    padded = new Uint8Array(await crypto.subtle.decrypt(
      { name: "AES-GCM", iv: sealed.subarray(9, 21), additionalData }, seal, sealed.subarray(21)));
  } catch { throw new Damaged("seal"); }
  const end = padded.lastIndexOf(0x80);
  if (end < padded.length - 128 || padded.subarray(end + 1).some((byte) => byte)) throw new Damaged("padding");
  const version = Number(new DataView(sealed.buffer, sealed.byteOffset).getBigUint64(1));
  return { version, fields: decodeCbor(padded.subarray(0, end)) };
}

/** Read deterministic CBOR: a value is a number, Uint8Array, string, array, Map, true, false or null; a tag is left out. */
export function decodeCbor(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  const take = (count) => {
    if (at + count > bytes.length) throw new Damaged("cut off");
    return (at += count) - count;
  };
  const argument = (low) => {
    if (low < 24) return low;
    const size = 1 << low - 24;
    if (low > 27) throw new Damaged("length");
    const from = take(size);
    const value = size === 8 ? Number(view.getBigUint64(from)) : view[`getUint${size * 8}`](from);
    if (value < [24, 256, 65536, 4294967296][low - 24] || !Number.isSafeInteger(value)) throw new Damaged("number");
    return value;
  };
  const item = (depth) => {
    const head = bytes[take(1)], major = head >> 5, low = head & 31;
    if (depth > 8) throw new Damaged("depth");
    if (major === 7) {
      if (low < 20 || low > 22) throw new Damaged("value");
      return [false, true, null][low - 20];
    }
    const count = argument(low);
    switch (major) {
      case 0: return count;
      case 1: return -1 - count;
      case 2: { const from = take(count); return bytes.slice(from, from + count); }
      case 3: { const from = take(count); return new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(from, from + count)); }
      case 4: { const list = []; for (let i = 0; i < count; i++) list.push(item(depth + 1)); return list; }
      case 5: {
        const map = new Map();
        for (let i = 0; i < count; i++) {
          const key = item(depth + 1);
          if (map.has(key)) throw new Damaged("twice");
          map.set(key, item(depth + 1));
        }
        return map;
      }
      default: return item(depth + 1);
    }
  };
  const value = item(0);
  if (at !== bytes.length) throw new Damaged("more");
  return value;
}

/** Name the fields of a status's map. Throws Damaged for what cannot be one. */
export function readStatus(map) {
  if (!(map instanceof Map) || !Array.isArray(map.get(9)) || !map.get(9).length) throw new Damaged("status");
  const steps = map.get(9).map((step) => ({
    role: step.get(1) % 32, region: Math.floor(step.get(1) / 32), when: step.get(2), acting: step.get(3) === true,
    reportedBy: step.get(4), expected: step.get(5), suspendedSince: step.get(6),
  }));
  const current = steps.findIndex((step) => step.when === undefined);
  const reasons = map.get(11) ?? [];
  // What became of an objection, as messages among the reasons: with whom it is and since when; that it is dismissed.
  const told = reasons.find(([code, ...rest]) => code === 9 && rest.length === 2), [, by, from] = told ?? [];
  return {
    tracking: String(map.get(1)).padStart(11, "0"), family: map.get(2), kind: map.get(3), state: map.get(4),
    language: map.get(5), changed: map.get(6), since: map.get(7) ?? map.get(6), filedAt: map.get(8), steps,
    current: current < 0 ? steps.length : current, missing: map.get(10) ?? [],
    reasons: reasons.filter((reason) => reason !== told),
    objection: told === undefined ? null : { role: by % 32, region: Math.floor(by / 32), since: from },
    dismissed: reasons.some(([code]) => code === 10),
    deadline: map.get(12), documentWaits: map.get(13) === true, checks: map.get(14) ?? [],
  };
}

/** Read what a receipt's code says, without judging its signature: the office does. Throws Damaged. */
export function readReceipt(letters) {
  const payload = decodeCbor(decodeCbor(base32(letters))[2]);
  return { tracking: String(payload.get(1)).padStart(11, "0"), state: payload.get(3), when: payload.get(5) };
}
