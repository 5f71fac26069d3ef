// The chain picture: the edges of the node that is open stand out; arrow keys walk along supply.
(function () {
  "use strict";
  var picture = document.querySelector(".chain");
  if (!picture) { return; }
  var nodes = Array.prototype.slice.call(picture.querySelectorAll("[data-node]"));
  var edges = Array.prototype.slice.call(picture.querySelectorAll("[data-tail]"));
  function show(key) {
    nodes.forEach(function (node) { node.classList.toggle("on", node.getAttribute("data-node") === key); });
    edges.forEach(function (edge) {
      edge.classList.toggle("edge-on", edge.getAttribute("data-tail") === key || edge.getAttribute("data-head") === key);
    });
  }
  function next(key, from, to) {
    var found = edges.filter(function (edge) { return edge.getAttribute(from) === key; })[0];
    return found && nodes.filter(function (node) { return node.getAttribute("data-node") === found.getAttribute(to); })[0];
  }
  picture.addEventListener("click", function (event) {
    var node = event.target.closest("[data-node]");
    if (node) { show(node.getAttribute("data-node")); }
  });
  picture.addEventListener("keydown", function (event) {
    var node = event.target.closest && event.target.closest("[data-node]");
    if (!node) { return; }
    var key = node.getAttribute("data-node"), other = null;
    if (event.key === "ArrowRight") { other = next(key, "data-tail", "data-head"); }
    if (event.key === "ArrowLeft") { other = next(key, "data-head", "data-tail"); }
    if (event.key === "ArrowDown") { other = nodes[nodes.indexOf(node) + 1]; }
    if (event.key === "ArrowUp") { other = nodes[nodes.indexOf(node) - 1]; }
    if (other) { event.preventDefault(); other.focus(); show(other.getAttribute("data-node")); }
  });
})();
