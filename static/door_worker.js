// Keeps the door's page on the phone, so that it opens without a signal. It never keeps anything of anybody.
"use strict";
const CACHE = "door-" + VERSION + "-" + KEPT.join("|");

self.addEventListener("install", (event) => {
  const fresh = KEPT.map((address) => new Request(address, { cache: "reload" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(fresh)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith("door-") && name !== CACHE).map((name) => caches.delete(name))))
      .then(() => self.clients.claim())
  );
});

self.addEventListener("fetch", (event) => {
  const path = new URL(event.request.url).pathname;
  if (event.request.method !== "GET" || !KEPT.includes(path)) return;
  event.respondWith(caches.open(CACHE).then((cache) => cache.match(path)).then((kept) => kept || fetch(event.request)));
});
