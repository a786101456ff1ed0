// The waiting room's screen looks anew by itself. It can be stopped, and says so when it cannot.
(function () {
  "use strict";
  var screen = document.querySelector("[data-renews-every]");
  var stop = screen && screen.querySelector("[data-renews-stop]");
  if (!stop || !window.fetch || !window.DOMParser) return;
  var words = [stop.textContent, stop.dataset.goOn];
  var stale = document.getElementById("waiting-stale");
  var isOn = true;
  stop.hidden = false;
  stop.addEventListener("click", function () {
    isOn = !isOn;
    stop.textContent = words[isOn ? 0 : 1];
    if (isOn) look();
  });
  function show(html) {
    var fresh = new DOMParser().parseFromString(html, "text/html");
    var parts = fresh.querySelectorAll("[data-renews]");
    if (parts.length !== screen.querySelectorAll("[data-renews]").length) return location.reload();
    parts.forEach(function (part) {
      var old = document.getElementById(part.id);
      if (old && old.innerHTML !== part.innerHTML) old.innerHTML = part.innerHTML;
    });
    if (stale) stale.textContent = "";
  }
  function look() {
    fetch(location.href, { credentials: "same-origin", cache: "no-store" })
      .then(function (answer) {
        if (!answer.ok || answer.redirected) throw new Error("no new times");
        return answer.text();
      })
      .then(show)
      .catch(function () {
        if (stale) stale.textContent = "This screen gets no new times at the moment. Please ask us at the door.";
      });
  }
  setInterval(function () { if (isOn) look(); }, Number(screen.dataset.renewsEvery) * 1000);
})();
