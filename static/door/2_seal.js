// Sealing: the list under the PIN and a key that cannot leave this browser, and what is recorded for the server alone.
const seal = (() => {
  const ROUNDS = 600000; // of PBKDF2, as OWASP advises for SHA-256
  const subtle = crypto.subtle;
  const bytes = (text) => new TextEncoder().encode(text);
  const some = (count) => crypto.getRandomValues(new Uint8Array(count));

  async function lock(key, plain, extra) {
    const iv = some(12);
    const sealed = await subtle.encrypt({ name: "AES-GCM", iv, additionalData: bytes(extra) }, key, plain);
    return { iv, sealed: new Uint8Array(sealed) };
  }

  function unlock(key, box, extra) {
    return subtle.decrypt({ name: "AES-GCM", iv: box.iv, additionalData: bytes(extra) }, key, box.sealed);
  }

  async function pinKey(pin, salt) {
    const base = await subtle.importKey("raw", bytes(pin), "PBKDF2", false, ["deriveKey"]);
    const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
    return subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  }

  function listKey(raw) {
    return subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
  }

  // The list's key lies inside two locks: the PIN's, and around it one whose key never leaves this browser.
  async function make(pin) {
    const raw = some(32);
    const salt = some(16);
    const device = await subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    const inner = await lock(await pinKey(pin, salt), raw, "pin");
    const both = new Uint8Array(inner.iv.length + inner.sealed.length);
    both.set(inner.iv);
    both.set(inner.sealed, inner.iv.length);
    return { key: await listKey(raw), lock: { salt, device, box: await lock(device, both, "device") } };
  }

  // Gives the list's key, or null when the PIN is wrong.
  async function open(pin, kept) {
    const both = new Uint8Array(await unlock(kept.device, kept.box, "device"));
    try {
      const raw = await unlock(await pinKey(pin, kept.salt), { iv: both.slice(0, 12), sealed: both.slice(12) }, "pin");
      return await listKey(raw);
    } catch (error) {
      return null;
    }
  }

  const put = (key, value, extra) => lock(key, bytes(JSON.stringify(value)), extra);
  const take = async (key, box, extra) => JSON.parse(new TextDecoder().decode(await unlock(key, box, extra)));

  // One key a visit, shared with the server by ECDH; the other side is booking/formats/sealed_taps.py.
  let shared = null;
  function share(publicKey) {
    shared = shared || (async () => {
      const raw = Uint8Array.from(atob(publicKey), (letter) => letter.charCodeAt(0));
      const curve = { name: "ECDH", namedCurve: "P-256" };
      const theirs = await subtle.importKey("raw", raw, curve, false, []);
      const mine = await subtle.generateKey(curve, false, ["deriveBits"]);
      const point = new Uint8Array(await subtle.exportKey("raw", mine.publicKey));
      const secret = await subtle.deriveBits({ name: "ECDH", public: theirs }, mine.privateKey, 256);
      const base = await subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
      const how = { name: "HKDF", hash: "SHA-256", salt: point, info: bytes("door tap") };
      return { point, key: await subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["encrypt"]) };
    })();
    return shared;
  }

  async function forServer(publicKey, id, value) {
    const { point, key } = await share(publicKey);
    const box = await lock(key, bytes(JSON.stringify(value)), id);
    const whole = [...point, ...box.iv, ...box.sealed];
    return btoa(String.fromCharCode(...whole));
  }

  // 130 random bits as 26 letters and digits.
  const newId = () => Array.from(some(26), (byte) => "abcdefghijklmnopqrstuvwxyz234567"[byte % 32]).join("");

  const digest = async (text) => Array.from(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes(text))), (byte) => byte.toString(16).padStart(2, "0")).join("");

  return { digest, make, open, put, take, share, forServer, newId, forget: () => { shared = null; } };
})();
