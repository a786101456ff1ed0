// How far a file is, looked up anew while somebody waits. Nothing moves and no focus is taken: the link says when it is done.
(function () {
  "use strict";
  var part = document.querySelector("[data-how-far]");
  var again = document.getElementById("how-far-again");
  if (!part || !again || !window.fetch || !window.DOMParser) return;
  var left = 200; // looks: a page that is left open does not keep somebody signed in all day
  function show(html) {
    var fresh = new DOMParser().parseFromString(html, "text/html").querySelector("[data-how-far]");
    var bar = document.getElementById("how-far-bar");
    if (fresh && fresh.dataset.howFar === part.dataset.howFar) {
      var now = fresh.querySelector("progress");
      document.getElementById("how-far-words").textContent = fresh.querySelector("p").textContent;
      if (now.hasAttribute("value")) {
        bar.max = now.max;
        bar.value = now.value;
      } else bar.removeAttribute("value");
      return soon();
    }
    bar.value = bar.max;
    document.getElementById("how-far-words").textContent = "Done.";
    again.textContent = again.dataset.done;
    document.getElementById("how-far-done").textContent = "That is done.";
  }
  function look() {
    fetch(location.href, { credentials: "same-origin", cache: "no-store" })
      .then(function (answer) {
        if (!answer.ok || answer.redirected) throw new Error("signed out, or the file is gone");
        return answer.text();
      })
      .then(show)
      .catch(function () {}); // the link is still there, and its page says why
  }
  function soon() {
    if (left-- > 0) setTimeout(look, 2000);
  }
  soon();
})();
