// The wall: one sheet at a time, turned every few seconds; without script all sheets stand below one another.
(function () {
  "use strict";
  var wall = document.getElementById("wall");
  var sheets = wall ? Array.prototype.slice.call(wall.querySelectorAll(".wall-s")) : [];
  if (sheets.length < 2) { return; }
  var links = Array.prototype.slice.call(wall.querySelectorAll(".wall-n a")), hold = document.getElementById("hold");
  var at = 0, held = window.matchMedia("(prefers-reduced-motion: reduce)").matches, turns = 0;
  function show(to) {
    at = (to + sheets.length) % sheets.length;
    sheets.forEach(function (sheet, i) { sheet.hidden = i !== at; });
    links.forEach(function (link, i) { if (i === at) { link.setAttribute("aria-current", "true"); } else { link.removeAttribute("aria-current"); } });
  }
  function keep(on) { held = on; hold.setAttribute("aria-pressed", on ? "true" : "false"); hold.classList.toggle("on", on); }
  hold.addEventListener("click", function () { keep(!held); });
  links.forEach(function (link, i) {
    link.addEventListener("click", function (event) { event.preventDefault(); keep(true); show(i); });
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "ArrowRight") { keep(true); show(at + 1); }
    if (event.key === "ArrowLeft") { keep(true); show(at - 1); }
  });
  setInterval(function () {
    if (held) { return; }
    turns += 1;
    // after an hour the figures are fetched anew
    if (turns * Number(wall.getAttribute("data-seconds")) > 3600) { window.location.reload(); return; }
    show(at + 1);
  }, Number(wall.getAttribute("data-seconds")) * 1000);
  keep(held);
  show(0);
})();
