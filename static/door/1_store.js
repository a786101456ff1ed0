// What the phone keeps, in IndexedDB: single things by name, and taps by their id.
const store = (() => {
  let opening = null;

  function database() {
    opening = opening || new Promise((resolve, reject) => {
      const request = indexedDB.open("door", 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore("things");
        request.result.createObjectStore("taps", { keyPath: "id" });
      };
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    return opening;
  }

  // A promise that holds only once everything is on the disk.
  async function change(deed) {
    const db = await database();
    return new Promise((resolve, reject) => {
      const transaction = db.transaction(["things", "taps"], "readwrite", { durability: "strict" });
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error || new Error("not kept"));
      deed(transaction.objectStore("things"), transaction.objectStore("taps"));
    });
  }

  async function read(name, ask) {
    const db = await database();
    return new Promise((resolve, reject) => {
      const request = ask(db.transaction(name).objectStore(name));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }

  return {
    change,
    get: (name) => read("things", (things) => things.get(name)),
    put: (name, value) => change((things) => things.put(value, name)),
    taps: () => read("taps", (taps) => taps.getAll()).then((rows) => rows.sort((one, other) => one.seq - other.seq)),
  };
})();
