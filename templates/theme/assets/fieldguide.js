/* Shared by every page: the index, header search, colour scheme, table of contents, copy and download.
   No inline code, no eval, no request but script tags of this site: runs from file:// and under a strict CSP. */
(function () {
  "use strict";
  var doc = document, meta = function (n) { var e = doc.querySelector('meta[name="' + n + '"]'); return e && e.content; };
  var base = (meta("fg-base") || ".").replace(/\/?$/, "/"), FG = window.FG = { base: base };
  var wait = {};

  /* A data file is a script that calls FG.put(name, value): fetch() is closed on file://, script tags are not. */
  FG.put = function (name, value) { var w = wait[name]; if (w) w.done(value); };
  FG.need = function (name, file) {
    if (wait[name]) return wait[name].promise;
    var w = wait[name] = {};
    w.promise = new Promise(function (ok, no) {
      w.done = ok;
      var s = doc.createElement("script"); s.src = base + file; s.onerror = function () { delete wait[name]; no(new Error(file)); };
      doc.head.appendChild(s);
    });
    return w.promise;
  };

  /* The index: columns in JSON, deflated, base64 (atob, because CSP closes data: fetches). */
  var ready;
  FG.index = function () {
    return ready || (ready = FG.need("index", "assets/index.js").then(function (b64) {
      var bin = atob(b64), n = bin.length, bytes = new Uint8Array(n);
      for (var i = 0; i < n; i++) bytes[i] = bin.charCodeAt(i);
      return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"))).json();
    }).then(unpack));
  };
  function unpack(x) {
    var c = x.col, n = c.title.length, hay = new Array(n), techName = x.tech.map(function (t) { return t[0] + " " + t[1]; });
    for (var i = 0; i < n; i++) {
      hay[i] = (c.title[i] + "\n" + c.id[i] + "\n" + c.tags[i] + " " + c.tech[i].map(function (t) { return techName[t]; }).join(" ") + " " + c.src[i].map(function (s) { return x.src[s]; }).join(" ") + " " +
        c.dn[i].map(function (d) { return x.dn[d][0] + " " + x.dn[d][1]; }).join(" ") + "\n" + c.aut[i].map(function (a) { return x.aut[a]; }).join(", ") + "\n" + c.desc[i] + "\n" + c.lit[i]).toLowerCase().replace(/\\\\/g, "\\");
    }
    x.hay = hay; x.n = n; x.techName = techName;
    x.url = function (i) { return base + "rules/" + c.page[i].split("/").map(encodeURIComponent).join("/") + ".html"; };
    return x;
  }
  FG.terms = function (q) {
    var out = [], re = /"([^"]+)"|(\S+)/g, m;
    q = q.toLowerCase().replace(/\\\\/g, "\\");
    while ((m = re.exec(q))) out.push(m[1] || m[2]);
    return out;
  };
  FG.esc = function (s) { return String(s).replace(/[&<>"]/g, function (c) { return { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" }[c]; }); };
  FG.mark = function (s, terms) {
    if (!terms.length) return FG.esc(s);
    var low = s.toLowerCase(), cut = [], i;
    terms.forEach(function (t) { if ((i = low.indexOf(t)) >= 0) cut.push([i, i + t.length]); });
    cut.sort(function (a, b) { return a[0] - b[0]; });
    var out = "", at = 0;
    cut.forEach(function (k) { if (k[0] < at) return; out += FG.esc(s.slice(at, k[0])) + "<mark>" + FG.esc(s.slice(k[0], k[1])) + "</mark>"; at = k[1]; });
    return out + FG.esc(s.slice(at));
  };
  FG.many = function (n, one) { return n.toLocaleString("en") + " " + one + (n === 1 ? "" : "s"); };
  FG.LEVELS = ["none", "informational", "low", "medium", "high", "critical"];
  FG.lvl = function (n) { return '<span class="lvl" data-l="' + FG.LEVELS[n] + '">' + (n === 1 ? "info" : n ? FG.LEVELS[n] : "no level") + "</span>"; };

  /* ---- header search: a combobox over the same index ---- */
  var q = doc.getElementById("fg-q"), hits = doc.getElementById("fg-hits"), on = -1, opts = [];
  function close() { hits.hidden = true; q.setAttribute("aria-expanded", "false"); q.removeAttribute("aria-activedescendant"); on = -1; }
  function pick(n) {
    opts.forEach(function (o, i) { o.setAttribute("aria-selected", i === n ? "true" : "false"); });
    on = n;
    if (opts[n]) { q.setAttribute("aria-activedescendant", opts[n].id); opts[n].scrollIntoView({ block: "nearest" }); } else q.removeAttribute("aria-activedescendant");
  }
  FG.find = function (x, text) {
    var terms = FG.terms(text), groups = [], c = x.col, low = text.trim().toLowerCase();
    if (!terms.length) return groups;
    var all = function (s) { return terms.every(function (t) { return s.indexOf(t) >= 0; }); };
    var tac = x.tac.filter(function (t) { return all((t[1] + " " + t[2]).toLowerCase()); }).slice(0, 2).map(function (t) { return [t[2], t[1] + " · tactic", "tactics/" + t[1] + ".html"]; });
    var tech = []; x.techName.forEach(function (t, i) { var l = t.toLowerCase(); if (all(l)) tech.push([l.indexOf(low) === 0 || x.tech[i][1].toLowerCase().indexOf(low) === 0 ? 0 : 1, i]); });
    tech.sort(function (a, b) { return a[0] - b[0] || x.tech[b[1]][2] - x.tech[a[1]][2]; });
    tech = tech.slice(0, 4).map(function (p) { var t = x.tech[p[1]]; return [t[1], t[0] + " · " + FG.many(t[2], "rule"), "techniques/" + t[0] + ".html"]; });
    var dn = []; x.dn.forEach(function (d) { if (all((d[0] + " " + d[1]).toLowerCase())) dn.push(d); });
    dn.sort(function (a, b) { return b[2] - a[2]; });
    dn = dn.slice(0, 4).map(function (d) { return [d[1], d[0] + " · " + FG.many(d[2], "rule"), d[3]]; });
    var kinds = { "log source": [], author: [], "": [] };
    x.pages.forEach(function (p) {
      if (!all((p[0] + " " + p[1]).toLowerCase())) return;
      (kinds[p[1]] || kinds[""]).push(p.length > 3 ? [p[0], FG.many(p[3], "rule"), p[2], p[3]] : p);
    });
    var most = function (rows) { return rows.sort(function (a, b) { return b[3] - a[3]; }).slice(0, 4); };
    var rules = [], total = 0;
    for (var i = 0; i < x.n; i++) {
      if (!all(x.hay[i])) continue;
      total++;
      var t = c.title[i].toLowerCase(), s = c.id[i] === low ? 0 : t.indexOf(low) === 0 ? 1 : all(t) ? 2 : 3;
      rules.push([s, -c.level[i], i]);
    }
    rules.sort(function (a, b) { return a[0] - b[0] || a[1] - b[1]; });
    var r = rules.slice(0, 7).map(function (p) { return [c.title[p[2]], FG.LEVELS[c.level[p[2]]], x.url(p[2]).slice(base.length)]; });
    if (total > 7) r.push(["All " + total.toLocaleString("en") + " matching rules", "open in Browse", "browse.html#q=" + encodeURIComponent(text.trim())]);
    [["Rules", r], ["Techniques", tac.concat(tech)], ["Data Needed", dn], ["Log sources", most(kinds["log source"])], ["Authors", most(kinds.author)], ["Other pages", kinds[""].slice(0, 4)]].forEach(function (g) { if (g[1].length) groups.push(g); });
    if (low.match(/^(t\d|ta\d)/)) groups.sort(function (a, b) { return (b[0] === "Techniques") - (a[0] === "Techniques"); });
    else if (low.match(/^\d{1,5}$|^(sysmon|security) ?\d/)) groups.sort(function (a, b) { return (b[0] === "Data Needed") - (a[0] === "Data Needed"); });
    return groups;
  };
  function search() {
    var text = q.value;
    if (!text.trim()) return close();
    FG.index().then(function (x) {
      if (text !== q.value) return;
      var groups = FG.find(x, text), terms = FG.terms(text), n = 0;
      hits.innerHTML = groups.length ? groups.map(function (g, gi) {
        return '<div role="group" aria-labelledby="fg-g' + gi + '"><span id="fg-g' + gi + '">' + g[0] + "</span>" + g[1].map(function (o) {
          return '<div role="option" id="fg-o' + (n++) + '" aria-selected="false" data-href="' + FG.esc(o[2]) + '"><b>' + FG.mark(o[0], terms) + "</b>" + (FG.LEVELS.indexOf(o[1]) >= 0 ? FG.lvl(FG.LEVELS.indexOf(o[1])) : "<small>" + FG.esc(o[1]) + "</small>") + "</div>";
        }).join("") + "</div>";
      }).join("") : '<div role="option" id="fg-o0" aria-disabled="true" aria-selected="false">Nothing mentions “' + FG.esc(text) + "”. Ids, event ids and values inside rules are searched too.</div>";
      opts = [].slice.call(hits.querySelectorAll("[data-href]"));
      hits.hidden = false; q.setAttribute("aria-expanded", "true");
      pick(opts.length ? 0 : -1);
    });
  }
  if (q) {
    q.addEventListener("focus", function () { FG.index(); if (q.value) search(); });
    q.addEventListener("input", search);
    q.addEventListener("keydown", function (e) {
      if (e.key === "ArrowDown" || e.key === "ArrowUp") { e.preventDefault(); if (opts.length && !hits.hidden) pick((on + (e.key === "ArrowDown" ? 1 : opts.length - 1)) % opts.length); }
      else if (e.key === "Enter") { e.preventDefault(); if (opts[on]) location.href = base + opts[on].dataset.href; }
      else if (e.key === "Escape") { if (hits.hidden) q.value = ""; close(); }
    });
    hits.addEventListener("mousedown", function (e) { var o = e.target.closest("[data-href]"); if (o) { e.preventDefault(); location.href = base + o.dataset.href; close(); } });
    q.addEventListener("blur", close);
    q.form.addEventListener("submit", function (e) { e.preventDefault(); });
  }
  doc.addEventListener("keydown", function (e) {
    var typing = /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName);
    if ((e.key === "k" && (e.ctrlKey || e.metaKey)) || (e.key === "/" && !typing && !e.ctrlKey && !e.metaKey && !e.altKey)) {
      var own = e.key === "/" && doc.getElementById("fg-bq");
      e.preventDefault(); (own || q).focus(); (own || q).select();
    }
  });

  /* ---- colour scheme: system, light, dark ---- */
  var sch = doc.querySelector(".fg-scheme"), root = doc.documentElement;
  function label() { sch.setAttribute("aria-label", "Colour scheme: " + (root.getAttribute("data-scheme") || "follow the system")); sch.title = sch.getAttribute("aria-label"); }
  if (sch) {
    label();
    sch.addEventListener("click", function () {
      var dark = matchMedia("(prefers-color-scheme: dark)").matches, now = root.getAttribute("data-scheme");
      var order = dark ? [null, "light", "dark"] : [null, "dark", "light"], next = order[(order.indexOf(now) + 1) % 3];
      if (next) root.setAttribute("data-scheme", next); else root.removeAttribute("data-scheme");
      try { if (next) localStorage.setItem("fg-scheme", next); else localStorage.removeItem("fg-scheme"); } catch (e) { /* fine */ }
      label();
    });
  }

  /* ---- table of contents follows the reader ---- */
  var links = [].slice.call(doc.querySelectorAll(".fg-toc li a"));
  if (links.length) {
    var heads = links.map(function (a) { return doc.getElementById(decodeURIComponent(a.hash.slice(1))); });
    var spy = function () {
      var at = 0; heads.forEach(function (h, i) { if (h && h.getBoundingClientRect().top < 120) at = i; });
      if (scrollY > 0 && innerHeight + scrollY >= doc.body.scrollHeight - 4) at = links.length - 1;
      links.forEach(function (a, i) { if (i === at) a.setAttribute("aria-current", "true"); else a.removeAttribute("aria-current"); });
    };
    addEventListener("scroll", spy, { passive: true }); spy();
  }

  /* ---- copy and download take the text from the rule's data, never from the page ---- */
  var rule = meta("fg-rule");
  function data() { return FG.need("rule-" + rule, "copies/" + rule + ".js"); }
  function button(text, name) { var b = doc.createElement("button"); b.type = "button"; b.className = "fg-btn"; b.textContent = b.dataset.verb = text; b.setAttribute("aria-label", name); return b; }
  function say(b, text, credit) { var old = b.dataset.verb; b.textContent = text; live.textContent = text + ". " + (credit || ""); clearTimeout(b.fgBack); b.fgBack = setTimeout(function () { b.textContent = old; }, 1600); }
  var live = doc.createElement("p"); live.className = "fg-vh"; live.setAttribute("role", "status"); doc.body.appendChild(live);
  function put(text) {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    var t = doc.createElement("textarea"); t.value = text; t.className = "fg-vh"; doc.body.appendChild(t); t.select();
    var ok = doc.execCommand("copy"); t.remove(); return ok ? Promise.resolve() : Promise.reject();
  }
  function actions(box, get, name) {
    var bar = doc.createElement("div"); bar.className = "fg-act";
    var before = box.previousElementSibling;                      /* the line above the code says whose it is: the buttons stand there */
    var credit = before && before.tagName === "P" ? before.textContent.trim() : "";
    var c = button("Copy", "Copy " + name), d = button("Download", "Download " + name);
    [c, d].forEach(function (b) { ["pointerenter", "focus"].forEach(function (ev) { b.addEventListener(ev, function () { data().catch(function () {}); }); }); });
    c.addEventListener("click", function () { data().then(get).then(function (t) { return put(t.text); }).then(function () { say(c, "Copied", credit); }, function () { say(c, "Not copied"); }); });
    d.addEventListener("click", function () {
      data().then(get).then(function (t) {
        var a = doc.createElement("a"); a.href = URL.createObjectURL(new Blob([t.text])); a.download = t.file; a.click();
        setTimeout(function () { URL.revokeObjectURL(a.href); }, 1000);
        say(d, "Downloaded", credit);
      }, function () { say(d, "Not downloaded"); });
    });
    bar.appendChild(c); bar.appendChild(d);
    if (before && before.tagName === "P") {
      var span = doc.createElement("span"); while (before.firstChild) span.appendChild(before.firstChild);
      before.appendChild(span); before.classList.add("fg-has-act"); before.appendChild(bar);
    } else box.parentNode.insertBefore(bar, box);
  }
  if (rule) {
    doc.querySelectorAll(".tabbed-set").forEach(function (set) {
      var names = [].map.call(set.querySelectorAll(".tabbed-labels > label"), function (l) { return l.textContent.replace(/^✕ /, "").trim(); });
      [].forEach.call(set.querySelectorAll(".tabbed-block"), function (blk, i) {
        [].forEach.call(blk.querySelectorAll(".highlight"), function (h, k) {
          actions(h, function (d) { return d.queries[i][k]; }, names[i] + " query" + (k ? " " + (k + 1) : ""));
        });
      });
      var radios = [].slice.call(set.querySelectorAll(":scope > input")), saved = null;
      try { saved = localStorage.getItem("fg-target"); } catch (e) { /* fine */ }
      names.forEach(function (n, i) { radios[i].setAttribute("aria-label", n); if (n === saved) radios[i].checked = true; radios[i].addEventListener("change", function () { try { localStorage.setItem("fg-target", n); } catch (e) { /* fine */ } }); });
    });
    var y = doc.getElementById("sigma-rule"); y = y && y.nextElementSibling;
    while (y && !y.classList.contains("highlight")) y = y.nextElementSibling;
    if (y) actions(y, function (d) { return d.rule; }, "the Sigma rule");
  }
})();
