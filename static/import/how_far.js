// How far a file is, looked up anew while somebody waits. Nothing moves and no focus is taken: the link says when it is done.
// Where a form begins it, what was pressed goes, so that the focus is put on what took its place.
(function () {
  "use strict";
  var part = document.querySelector("[data-how-far]");
  var again = document.getElementById("how-far-again");
  if (!part || !again || !window.fetch || !window.DOMParser) return;
  var words = document.getElementById("how-far-words");
  var bar = document.getElementById("how-far-bar");
  var said = document.getElementById("how-far-said");
  var form = document.querySelector("[data-then-how-far]");
  var left = 200; // looks: a page that is left open does not keep somebody signed in all day
  var quarter = 0;
  var saidAt = Date.now();
  function show(html) {
    var page = new DOMParser().parseFromString(html, "text/html");
    var fresh = page.querySelector("[data-how-far]");
    if (fresh && fresh.dataset.howFar === part.dataset.howFar) {
      var now = fresh.querySelector("progress");
      words.textContent = fresh.querySelector("p").textContent;
      if (now.hasAttribute("value")) {
        bar.max = now.max;
        bar.value = now.value;
        say(Math.floor((4 * now.value) / now.max));
      } else bar.removeAttribute("value");
      return soon();
    }
    end(page.querySelector("[data-how-far-ended]"));
  }
  function say(now) {
    // A quarter more, and ten seconds: who listens is told that it goes on, and is left alone between.
    if (now <= quarter || Date.now() - saidAt < 10000) return;
    quarter = now;
    saidAt = Date.now();
    said.textContent = words.textContent;
  }
  function end(came) {
    bar.remove();
    words.textContent = came ? came.textContent : "Done.";
    said.textContent = came ? came.textContent : "That is done.";
    again.textContent = again.dataset.done;
    again.removeAttribute("target");
    document.querySelectorAll("[data-while-how-far]").forEach(function (each) {
      each.hidden = true;
    });
  }
  function look() {
    fetch(location.href, { credentials: "same-origin", cache: "no-store" }).then(function (answer) {
      // Signed out, or it is gone: the link is still there, and its page says why.
      if (answer.ok && !answer.redirected) return answer.text().then(show);
    }, soon); // a line that is gone for a moment
  }
  function soon() {
    if (left-- > 0) setTimeout(look, 2000);
  }
  if (!form) return soon();
  form.addEventListener("submit", function (event) {
    var pressed = event.submitter;
    if (pressed && pressed.hasAttribute("data-no-wait")) return;
    setTimeout(function () {
      // Once the browser has taken what it sends.
      document.querySelectorAll("[data-before-how-far]").forEach(function (each) {
        each.hidden = true;
      });
      document.getElementById("how-far-part").hidden = false;
      part.focus();
      soon();
    });
  });
})();
