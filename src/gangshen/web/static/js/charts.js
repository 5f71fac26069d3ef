// Draws the charts of a page from their options (json_script), in the colours of the stylesheet. The table twin stands anyway.
(function () {
  "use strict";
  if (!window.echarts) { return; }
  var drawn = [];
  function colour(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }
  // "--c1" anywhere in the options is read from the stylesheet
  function dress(value) {
    if (typeof value === "string") { return value.slice(0, 2) === "--" ? colour(value) : value; }
    if (Array.isArray(value)) { return value.map(dress); }
    if (value && typeof value === "object") {
      return Object.keys(value).reduce(function (made, key) { made[key] = dress(value[key]); return made; }, {});
    }
    return value;
  }
  function draw(root) {
    Array.prototype.forEach.call((root || document).querySelectorAll(".echart:not(.drawn)"), function (box) {
      var held = document.getElementById(box.getAttribute("data-options"));
      if (!held) { return; }
      box.classList.add("drawn");
      var locale = document.documentElement.lang === "en" ? "EN" : "ZH";
      var chart = window.echarts.init(box, null, { renderer: "svg", locale: locale });
      var options = JSON.parse(held.textContent);
      if (options.geoJson) { window.echarts.registerMap(box.id, options.geoJson); delete options.geoJson; }
      chart.setOption(dress(options));
      drawn.push(chart);
    });
  }
  draw();
  document.addEventListener("htmx:afterSettle", function (event) { draw(event.detail.target); });
  window.addEventListener("resize", function () {
    drawn = drawn.filter(function (chart) { return !chart.isDisposed() && document.contains(chart.getDom()); });
    drawn.forEach(function (chart) { chart.resize(); });
  });
})();
