// Keys, panel, toasts, selection and paper. Every page works without it; nothing here decides anything.
(function () {
  "use strict";
  var one = function (css, root) { return (root || document).querySelector(css); };
  var all = function (css, root) { return Array.prototype.slice.call((root || document).querySelectorAll(css)); };

  // keys: "/" search; J K move along rows; a button with data-key is pressed by that key; Ctrl Enter sends the form
  function typing(target) {
    return /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) ? !/^(checkbox|radio)$/.test(target.type) : target.isContentEditable;
  }
  function rows() {
    return all("[data-rows] tbody tr:not(.grp), [data-rows] > li").filter(function (row) { return row.offsetParent; });
  }
  function choose(row) {
    rows().forEach(function (other) { other.classList.toggle("on", other === row); });
    row.scrollIntoView({ block: "nearest" });
    var open = one("[data-open], a.row", row);
    if (open) { open.focus({ preventScroll: true }); if (open.hasAttribute("hx-get")) { open.click(); } }
  }
  function move(step) {
    var list = rows();
    if (!list.length) { return; }
    var at = list.findIndex(function (row) { return row.classList.contains("on"); });
    choose(list[Math.max(0, Math.min(list.length - 1, at < 0 ? 0 : at + step))]);
  }
  document.addEventListener("keydown", function (event) {
    var target = event.target;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && target.form) {
      event.preventDefault();
      (one("[data-key='ctrl+enter']", target.form) || one(".btn-1", target.form) || target.form).click();
      return;
    }
    if (event.key === "Escape") { shut(); if (typing(target)) { target.blur(); } return; }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(target)) { return; }
    var key = event.key.toLowerCase();
    if (key === "/") { var find = one("#search"); if (find) { event.preventDefault(); find.focus(); find.select(); } return; }
    if (key === "?") { keys(); return; }
    if (key.length !== 1 || key < "a" || key > "z") { return; }
    var button = all("[data-key='" + key + "']").filter(function (it) { return it.offsetParent && !it.disabled; })[0];
    if (button) { event.preventDefault(); button.click(); return; }
    if (key === "j") { move(1); }
    if (key === "k") { move(-1); }
  });

  // "?" lists the keys of this page: the ones that always work, then those on its buttons
  function keys() {
    var box = one("#keys");
    if (!box) { return; }
    all("[data-of]", box).forEach(function (it) { it.parentNode.removeChild(it); });
    if (box.hidden) {
      all("[data-key]").filter(function (it) { return it.offsetParent; }).forEach(function (button) {
        var key = document.createElement("dt"), words = document.createElement("dd");
        key.textContent = button.getAttribute("data-key").toUpperCase();
        words.textContent = Array.prototype.map.call(button.childNodes, function (node) { return node.nodeName === "KBD" ? "" : node.textContent; }).join("").trim();
        [key, words].forEach(function (it) { it.setAttribute("data-of", ""); box.appendChild(it); });
      });
    }
    box.hidden = !box.hidden;
  }

  // a file too large to be taken is said so before it is sent
  document.addEventListener("change", function (event) {
    var most = event.target.getAttribute("data-most");
    if (!most || !event.target.files) { return; }
    var over = Array.prototype.some.call(event.target.files, function (file) { return file.size > Number(most); });
    event.target.setCustomValidity(over ? event.target.getAttribute("data-too-large") : "");
    event.target.reportValidity();
  });

  // a choice shows only the fields it asks for; without this all of them stand
  function show(choice) { choice.closest(".card").setAttribute("data-shown", choice.value); }
  all("[data-shows]:checked").forEach(show);
  document.addEventListener("change", function (event) { if (event.target.hasAttribute("data-shows")) { show(event.target); } });

  // popovers are <details>: one open at a time, shut by a click elsewhere
  function shut(except) {
    if (one("#keys")) { one("#keys").hidden = true; }
    all("details.menu[open], details.w[open]").forEach(function (it) { if (it !== except) { it.removeAttribute("open"); } });
  }
  document.addEventListener("click", function (event) {
    shut(event.target.closest ? event.target.closest("details.menu, details.w") : null);
    var close = event.target.closest && event.target.closest(".panel .x");
    if (close) { event.preventDefault(); closePanel(); }
    var gone = event.target.closest && event.target.closest(".toast [data-close]");
    if (gone) { gone.closest(".toast").remove(); }
  });

  // panel: beside the page on a desk, over it on a phone
  var opener = null;
  function closePanel() {
    var panel = one("#panel");
    document.body.classList.remove("panel-open");
    panel.textContent = "";
    if (location.hash === "#panel") { history.replaceState(null, "", location.pathname + location.search); }
    all(".ev.on").forEach(function (it) { it.classList.remove("on"); });
    if (opener && document.contains(opener)) { opener.focus(); }
  }
  document.addEventListener("htmx:beforeRequest", function (event) {
    if (event.detail.target && event.detail.target.id === "panel") { opener = event.detail.elt; }
  });
  document.addEventListener("htmx:afterSwap", function (event) {
    var target = event.detail.target; // none when the browser goes back
    if (target && target.id === "panel") {
      document.body.classList.add("panel-open");
      target.scrollTop = 0;
      all(".ev.on").forEach(function (it) { it.classList.remove("on"); });
      if (opener && opener.classList.contains("ev")) { opener.classList.add("on"); }
      var row = opener && opener.closest("[data-rows] tr, [data-rows] > li");
      if (row) { rows().forEach(function (other) { other.classList.toggle("on", other === row); }); }
    }
    count();
  });
  document.addEventListener("click", function (event) {
    if (event.target.closest && event.target.closest(".nav a")) { document.body.classList.remove("panel-open"); }
  });

  // an address says what was asked and nothing else
  document.addEventListener("htmx:configRequest", function (event) {
    var asked = event.detail.formData;
    if (event.detail.verb !== "get" || !asked) { return; }
    Array.from(new Set(asked.keys())).forEach(function (name) {
      if (asked.getAll(name).every(function (value) { return value === ""; })) { asked.delete(name); }
    });
  });

  // toasts: done, with a way back; a failed request says so
  function toast(state, text, url, action) {
    var box = document.createElement("div"), words = document.createElement("span");
    box.className = "toast toast-" + state;
    words.textContent = text;
    box.appendChild(words);
    if (url) { var link = document.createElement("a"); link.href = url; link.textContent = action; box.appendChild(link); }
    one("#toasts").appendChild(box);
    fade(box);
  }
  function fade(box) { setTimeout(function () { if (box.parentNode) { box.parentNode.removeChild(box); } }, 8000); }
  all(".toast").forEach(function (box) { if (!one(".s-bad", box)) { fade(box); } });
  document.addEventListener("toast", function (event) {
    var said = event.detail || {};
    toast(said.state || "ok", said.text || "", said.url, said.action);
  });
  function failed(event) {
    var xhr = event.detail.xhr, status = xhr ? xhr.status : 0;
    if (status && xhr.getResponseHeader("HX-Trigger")) { return; } // the answer brought its own words
    toast("bad", one("#toasts").getAttribute(status === 403 ? "data-denied" : status ? "data-failed" : "data-offline"));
  }
  // a request withdrawn for a newer one is no fault: htmx would write it to the console as an error
  var withdrawn = false;
  window.htmx.logger = function (element, name, detail) {
    if (name === "htmx:abort") { withdrawn = true; }
    if (withdrawn && (name === "htmx:afterRequest" || name === "htmx:sendAbort")) { delete detail.error; }
    if (name === "htmx:sendAbort") { withdrawn = false; }
  };
  document.addEventListener("htmx:responseError", failed);
  document.addEventListener("htmx:sendError", failed);

  // selection of rows: the head box chooses all, what can be done with them appears with the count
  function count() {
    all("form[data-select]").forEach(function (form) {
      var boxes = all("input[name=row]", form), chosen = boxes.filter(function (box) { return box.checked; }).length;
      var head = one("input[data-all]", form), tray = one("[data-chosen]", form);
      if (head) { head.checked = chosen > 0 && chosen === boxes.length; head.indeterminate = chosen > 0 && chosen < boxes.length; }
      if (tray) { tray.hidden = !chosen; var figure = one("[data-count]", tray); if (figure) { figure.textContent = chosen; } }
    });
  }
  document.addEventListener("change", function (event) {
    if (event.target.matches("input[data-all]")) {
      all("input[name=row]", event.target.form).forEach(function (box) { box.checked = event.target.checked; });
    }
    if (event.target.matches("input[data-all], input[name=row]")) { count(); }
    if (event.target.matches("select[data-send]")) { event.target.form.submit(); }
  });
  count();

  // paper: each chip becomes a number, the sources a list at the foot of the page
  function number() {
    var list = one("#sources");
    if (!list) { return; }
    var seen = {}, order = [];
    all("main .ev[data-ref]").forEach(function (chip) {
      var ref = chip.getAttribute("data-ref");
      if (!seen[ref]) { order.push(ref); seen[ref] = { n: order.length, text: chip.textContent.trim() }; }
      chip.setAttribute("data-n", seen[ref].n);
    });
    list.textContent = "";
    if (!order.length) { return; }
    list.className = "sources";
    var title = document.createElement("b"), items = document.createElement("ol");
    title.textContent = list.getAttribute("data-title");
    order.forEach(function (ref) {
      var item = document.createElement("li");
      item.textContent = seen[ref].text + " (" + ref + ")";
      items.appendChild(item);
    });
    list.appendChild(title);
    list.appendChild(items);
  }
  function unfold(open) {
    all("details.twin").forEach(function (twin) {
      if (open) { twin.setAttribute("data-was", twin.open ? "1" : ""); twin.open = true; } else { twin.open = twin.getAttribute("data-was") === "1"; }
    });
  }
  window.addEventListener("beforeprint", function () { number(); unfold(true); });
  window.addEventListener("afterprint", function () { unfold(false); });
  document.addEventListener("click", function (event) {
    if (event.target.closest && event.target.closest("[data-print]")) { event.preventDefault(); window.print(); }
  });
})();
