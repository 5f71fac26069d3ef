// Checking what was read: an item and its words light up together; words marked in the text become an item.
// By mouse: mark and press the button that appears. By keyboard: arrows in the text choose a sentence and move its ends.
(function () {
  "use strict";
  var one = function (css, root) { return (root || document).querySelector(css); };
  var all = function (css, root) { return Array.prototype.slice.call((root || document).querySelectorAll(css)); };
  var from_text = false, button = null, chosen = null;

  function paper() { return one("#paper"); }

  // the open item and its words
  function light(scroll) {
    var open = one("#items li[data-item]");
    all(".sp-now").forEach(function (it) { it.classList.remove("sp-now"); });
    if (!open) { return; }
    var words = all("[id^='sp-" + open.getAttribute("data-item") + "-']");
    words.forEach(function (it) { it.classList.add("sp-now"); });
    if (!scroll) { return; }
    if (from_text) { open.scrollIntoView({ block: "nearest" }); } else if (words[0]) { words[0].scrollIntoView({ block: "center" }); }
    from_text = false;
  }
  // words are marked across items too: letting go of the mouse over one opens it only when nothing was marked
  document.addEventListener("click", function (event) {
    if (event.detail && event.target.closest && event.target.closest("#paper a.sp") && marked()) { event.preventDefault(); event.stopImmediatePropagation(); }
  }, true);
  document.addEventListener("click", function (event) { from_text = !!(event.target.closest && event.target.closest("#paper")); }, true);
  document.addEventListener("htmx:afterSettle", function (event) {
    if (event.detail.target && event.detail.target.id === "items") {
      light(true);
      hide();
      var first = one("#adding input:not([type=hidden]), #adding textarea");
      if (first) { first.focus(); }
    }
  });

  // offsets are code points of the text read; numbers of items in it are no text
  function nodes(root) {
    var walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT), list = [];
    while (walker.nextNode()) { if (!walker.currentNode.parentNode.closest("sup")) { list.push(walker.currentNode); } }
    return list;
  }
  function points(text) { return Array.from(text).length; }
  function offset(node, at) {
    var line = (node.nodeType === 3 ? node.parentNode : node).closest("#paper p[data-start]");
    if (!line) { return null; }
    var before = document.createRange();
    before.setStart(line, 0);
    before.setEnd(node, at);
    var held = before.cloneContents();
    all("sup", held).forEach(function (it) { it.remove(); });
    return Number(line.getAttribute("data-start")) + points(held.textContent);
  }
  function marked() {
    var selection = window.getSelection();
    if (!selection.rangeCount || selection.isCollapsed) { return null; }
    var range = selection.getRangeAt(0), root = paper();
    if (!root || !root.contains(range.commonAncestorContainer)) { return null; }
    var start = offset(range.startContainer, range.startOffset), end = offset(range.endContainer, range.endOffset);
    if (start === null || end === null) { return null; }
    var words = range.cloneContents();
    all("sup", words).forEach(function (it) { it.remove(); });
    var text = words.textContent;
    start += points(text) - points(text.trimStart());
    if (range.endOffset === 0 && end > start) { end = start + points(text.trim()); }
    return end > start ? { start: start, end: end, box: range.getBoundingClientRect() } : null;
  }

  // the button beside what is marked
  function hide() { if (button) { button.remove(); button = null; } }
  function show() {
    var root = paper(), span = root && root.hasAttribute("data-add") ? marked() : null;
    if (!span) { hide(); return; }
    if (!button) {
      button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-1 btn-s add-marked";
      button.textContent = root.getAttribute("data-words");
      button.addEventListener("mousedown", function (event) { event.preventDefault(); });
      button.addEventListener("click", take);
      document.body.appendChild(button);
    }
    button.style.left = Math.max(8, Math.min(span.box.left + window.scrollX, document.documentElement.clientWidth - 160)) + "px";
    button.style.top = (span.box.bottom + window.scrollY + 6) + "px";
  }
  function take() {
    var span = marked();
    if (!span) { return false; }
    var url = paper().getAttribute("data-add") + "?start=" + span.start + "&end=" + span.end;
    window.htmx.ajax("GET", url, "#items");
    return true;
  }
  document.addEventListener("selectionchange", function () { window.clearTimeout(show.later); show.later = window.setTimeout(show, 150); });
  // "N" takes what is marked before the form to paste into opens
  document.addEventListener("click", function (event) {
    if (event.target.closest && event.target.closest("#add-missed") && take()) { event.preventDefault(); event.stopPropagation(); }
  }, true);

  // keyboard in the text: up and down choose a sentence, left and right move its start, with shift its end
  function select(line, start, end) {
    var list = nodes(line), at = 0, range = document.createRange(), set = false;
    list.forEach(function (node) {
      var stop = at + node.data.length;
      if (!set && start < stop) { range.setStart(node, start - at); set = true; }
      if (set && end > at && end <= stop) { range.setEnd(node, end - at); }
      at = stop;
    });
    if (!set) { return; }
    var selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    chosen = { line: line, start: start, end: end };
    var box = range.getBoundingClientRect();
    if (box.top < 80 || box.bottom > window.innerHeight - 60) { window.scrollBy(0, box.top - window.innerHeight / 3); }
  }
  function sentences() {
    var found = [];
    all("#paper p[data-start]").forEach(function (line) {
      var text = nodes(line).map(function (node) { return node.data; }).join(""), piece = /[^。；！？]*[。；！？]?/g, hit;
      while ((hit = piece.exec(text)) && hit[0]) {
        if (hit[0].trim()) {
          var lead = hit[0].length - hit[0].trimStart().length;
          found.push({ line: line, start: hit.index + lead, end: hit.index + hit[0].trimEnd().length });
        }
      }
    });
    return found;
  }
  function step(by) {
    var list = sentences(), at = -1;
    if (chosen && document.contains(chosen.line)) {
      at = list.findIndex(function (it) { return it.line === chosen.line && it.end > chosen.start; });
    } else if (by > 0) {
      at = list.findIndex(function (it) { return it.line.getBoundingClientRect().bottom > 80; }) - 1;
    }
    var next = list[Math.max(0, Math.min(list.length - 1, at + by))];
    if (next) { select(next.line, next.start, next.end); }
  }
  document.addEventListener("keydown", function (event) {
    if (!event.target.closest || !event.target.closest("#paper") || event.ctrlKey || event.metaKey || event.altKey) { return; }
    var by = { ArrowDown: 1, ArrowUp: -1, ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) {
      if (event.key === "Enter" && take()) { event.preventDefault(); }
      return;
    }
    if (/Down|Up/.test(event.key)) { event.preventDefault(); step(by); return; }
    if (!chosen || !document.contains(chosen.line)) { return; }
    event.preventDefault();
    var last = nodes(chosen.line).reduce(function (n, node) { return n + node.data.length; }, 0);
    if (event.shiftKey) { select(chosen.line, chosen.start, Math.max(chosen.start + 1, Math.min(last, chosen.end + by))); }
    else { select(chosen.line, Math.max(0, Math.min(chosen.end - 1, chosen.start + by)), chosen.end); }
  });
  light(false);
})();
