// Several files at once: chosen or dropped, sent one by one, each with its own row and reason. Without script the form sends them all.
(function () {
  "use strict";
  var form = document.getElementById("drop"), input = document.getElementById("files");
  if (!form || !window.fetch) { return; }
  var box = document.getElementById("sending"), filed = document.getElementById("filed"), rows = filed.querySelector("tbody");
  var waiting = [], busy = false, done = 0, all = 0;

  function tell() {
    box.hidden = false;
    box.querySelector("[data-done]").textContent = done;
    box.querySelector("[data-all]").textContent = all;
    var bar = box.querySelector("progress");
    bar.max = all;
    bar.value = done;
  }
  function add(html) {
    filed.hidden = false;
    var held = document.createElement("tbody");
    held.innerHTML = html;
    Array.prototype.slice.call(held.children).forEach(function (row) { rows.appendChild(row); window.htmx.process(row); });
  }
  function fault(name, words) {
    var row = document.createElement("tr");
    [name, "", words].forEach(function (text) { row.appendChild(document.createElement("td")).textContent = text; });
    filed.hidden = false;
    rows.appendChild(row);
  }
  function next() {
    var file = waiting.shift();
    if (!file) { busy = false; return; }
    busy = true;
    var body = new FormData();
    body.append("files", file, file.name);
    fetch(form.action || location.href, {
      method: "POST", body: body, credentials: "same-origin",
      headers: { "HX-Request": "true", "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value }
    }).then(function (answer) {
      if (!answer.ok) { throw new Error(String(answer.status)); }
      return answer.text();
    }).then(add).catch(function () {
      fault(file.name, document.getElementById("toasts").getAttribute("data-failed"));
    }).then(function () { done += 1; tell(); next(); });
  }
  function send(files) {
    Array.prototype.push.apply(waiting, files);
    all += files.length;
    tell();
    if (!busy) { next(); }
  }
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    send(Array.prototype.slice.call(input.files));
    form.reset();
  });
  ["dragover", "dragenter"].forEach(function (name) {
    document.addEventListener(name, function (event) { event.preventDefault(); form.classList.add("over"); });
  });
  document.addEventListener("dragleave", function (event) { if (!event.relatedTarget) { form.classList.remove("over"); } });
  document.addEventListener("drop", function (event) {
    event.preventDefault();
    form.classList.remove("over");
    if (event.dataTransfer.files.length) { send(Array.prototype.slice.call(event.dataTransfer.files)); }
  });
})();
