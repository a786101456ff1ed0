// "Near me": the device finds the nearest outcode by itself. Where somebody is never leaves it.
(function () {
  "use strict";
  var FAR = 40; // kilometres from the middle of any outcode of ours
  var template = document.getElementById("near-me");
  var field = document.getElementById("place");
  if (!template || !field || !navigator.geolocation || !window.fetch) return;
  var part = template.content.firstElementChild.cloneNode(true);
  var said = part.querySelector("[role=status]");
  var isWaiting = false;
  template.parentNode.insertBefore(part, template);
  part.querySelector("button").addEventListener("click", function () {
    if (isWaiting) return;
    isWaiting = true;
    say("waiting");
    navigator.geolocation.getCurrentPosition(look, refuse, { timeout: 15000, maximumAge: 600000 });
  });

  function look(position) {
    fetch(template.dataset.table)
      .then(function (answer) {
        if (!answer.ok) throw new Error(answer.status);
        return answer.json();
      })
      .then(function (table) {
        var nearest = nearestOf(table, position.coords);
        if (nearest.away > FAR) return say("far");
        isWaiting = false;
        field.value = nearest.outcode;
        field.form.submit();
      })
      .catch(function () { say("failed"); });
  }

  function refuse(error) {
    say(error.code === error.PERMISSION_DENIED ? "refused" : "failed");
  }

  // A degree of latitude is 111 kilometres; one of longitude shrinks towards the pole.
  function nearestOf(table, here) {
    var shrink = Math.cos(here.latitude * Math.PI / 180);
    return Object.keys(table).map(function (outcode) {
      var north = here.latitude - table[outcode][0];
      var east = (here.longitude - table[outcode][1]) * shrink;
      return { outcode: outcode, away: 111 * Math.sqrt(north * north + east * east) };
    }).reduce(function (one, other) { return other.away < one.away ? other : one; });
  }

  function say(what) {
    isWaiting = what === "waiting";
    said.textContent = template.dataset[what];
  }
})();
