// Finding a family: the list follows what is typed. Without this script the button does the same.
(function () {
  "use strict";
  var form = document.getElementById("find-family");
  var list = document.getElementById("found");
  var said = document.getElementById("found-said");
  if (!form || !list || !said || !window.fetch || !window.DOMParser) return;
  var field = form.elements.said;
  var waiting = 0;
  var asked = 0;
  field.addEventListener("input", function () {
    clearTimeout(waiting);
    waiting = setTimeout(look, 300);
  });

  function look() {
    var number = ++asked;
    var body = new FormData(form);
    body.append("typing", "yes");
    fetch(form.action, { method: "POST", body: body, credentials: "same-origin" })
      .then(function (answer) {
        if (!answer.ok || answer.redirected) throw new Error(answer.status);
        return answer.text();
      })
      .then(function (text) {
        if (number !== asked) return;
        var fresh = new DOMParser().parseFromString(text, "text/html");
        list.replaceChildren.apply(list, Array.from(fresh.getElementById("found").childNodes));
        said.textContent = fresh.getElementById("found-said").textContent;
      })
      .catch(function () {}); // the button still works, and says what is wrong
  }
})();
