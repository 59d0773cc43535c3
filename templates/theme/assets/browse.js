/* Browse: facets with live counts, text filter, sort, pages; the whole state lives in the address. */
(function () {
  "use strict";
  var FG = window.FG, doc = document, $ = function (id) { return doc.getElementById(id); }, PAGE = 50;
  var X, facets, st, order, found = [], terms = [], esc = FG.esc;
  var DEFS = [
    ["level", "Level", true], ["status", "Status", true], ["type", "Type", false], ["source", "Log source", true], ["data", "Data Needed", true], ["tactic", "Tactic", false], ["tech", "Technique", false],
    ["platform", "Platform", false], ["kind", "Category or service", false], ["query", "Query converts to", false], ["finding", "Findings", false], ["author", "Author", false], ["year", "Year", false]];

  function build() {
    var c = X.col, n = X.n;
    var one = function (vals, f) { return { vals: vals, of: function (i) { return [f(i)]; } }; };
    var uniq = function (f) { var m = Object.create(null), vals = [], ix = new Array(n); for (var i = 0; i < n; i++) { ix[i] = Array.from(new Set(f(i)), function (v) { if (!(v in m)) { m[v] = vals.length; vals.push([v, v]); } return m[v]; }); } return { vals: vals, of: function (i) { return ix[i]; } }; };
    var F = {
      level: one(FG.LEVELS.map(function (l) { return [l, l]; }), function (i) { return c.level[i]; }),
      status: one(X.status.map(function (l) { return [l, l]; }), function (i) { return c.status[i]; }),
      type: { vals: X.type.map(function (t) { return [t[0], t[1]]; }), of: function (i) { return c.type[i]; } },
      source: { vals: X.src.map(function (l) { return [l, l]; }), of: function (i) { return c.src[i]; } },
      kind: { vals: X.kind.map(function (l) { return [l, l]; }), of: function (i) { return c.kind[i]; } },
      data: { vals: X.dn.map(function (d) { return [d[0], d[1]]; }), of: function (i) { return c.dn[i]; } },
      tactic: { vals: X.tac.map(function (t) { return [t[0], t[2]]; }), of: function (i) { return c.tac[i]; } },
      tech: { vals: X.tech.map(function (t) { return [t[0], t[0] + " " + t[1]]; }), of: function (i) { return c.tech[i]; } },
      platform: uniq(function (i) { return c.src[i].map(function (s) { return X.src[s].split(" / ")[0]; }); }),
      query: {
        vals: X.targets.map(function (t) { return [t, t]; }).concat(X.targets.map(function (t) { return ["not " + t, "not " + t]; })),
        of: function (i) { return X.targets.map(function (_, b) { return c.q[i] >> b & 1 ? b : b + X.targets.length; }); }
      },
      finding: { vals: X.finding.map(function (t) { return [t[0], t[1]]; }), of: function (i) { return c.find[i]; } },
      author: { vals: X.aut.map(function (a) { return [a, a]; }), of: function (i) { return c.aut[i]; } },
      year: uniq(function (i) { return [c.date[i].slice(0, 4)]; })
    };
    facets = DEFS.map(function (d) {
      var f = F[d[0]]; f.key = d[0]; f.name = d[1]; f.open = d[2]; f.ix = Object.create(null); f.rows = new Array(n);
      f.vals.forEach(function (v, k) { f.ix[v[0]] = k; });
      f.total = new Uint16Array(f.vals.length);
      for (var i = 0; i < n; i++) { var a = f.rows[i] = f.of(i); for (var j = 0; j < a.length; j++) f.total[a[j]]++; }
      f.order = f.vals.map(function (_, k) { return k; });
      if (f.key === "level") f.order.reverse();
      else if (f.key === "year") f.order.sort(function (a, b) { return f.vals[b][0] < f.vals[a][0] ? -1 : 1; });
      else if (f.key !== "tactic" && f.key !== "query") f.order.sort(function (a, b) { return f.total[b] - f.total[a]; });
      return f;
    });
  }

  /* ---- state in the fragment: it works from file://, needs no server and never leaves the browser ---- */
  function read() {
    st = { q: "", sort: "mod", p: 1, sel: Object.create(null) };
    facets.forEach(function (f) { st.sel[f.key] = []; });
    location.hash.slice(1).split("&").forEach(function (kv) {
      var e = kv.indexOf("="), k = kv.slice(0, e), v = kv.slice(e + 1); if (e < 0) return;
      try { v = decodeURIComponent(v.replace(/\+/g, " ")); } catch (err) { return; }
      if (k === "q") st.q = v; else if (k === "sort") st.sort = /^(mod|level|title|date)$/.test(v) ? v : "mod"; else if (k === "p") st.p = Math.max(1, Math.floor(+v) || 1);
      else if (st.sel[k]) { v = facet(k).ix[v]; if (v !== undefined && st.sel[k].indexOf(v) < 0) st.sel[k].push(v); }
    });
    $("fg-bq").value = st.q; $("fg-sort").value = st.sort;
  }
  function facet(k) { return facets.filter(function (f) { return f.key === k; })[0]; }
  function hash() {
    var out = [], enc = function (s) { return encodeURIComponent(s).replace(/%2F/g, "/").replace(/%20/g, "+"); };
    if (st.q) out.push("q=" + enc(st.q));
    facets.forEach(function (f) { st.sel[f.key].forEach(function (k) { out.push(f.key + "=" + enc(f.vals[k][0])); }); });
    if (st.sort !== "mod") out.push("sort=" + st.sort);
    if (st.p > 1) out.push("p=" + st.p);
    return out.join("&");
  }
  function write(push) {
    var h = hash(), url = h ? "#" + h : location.pathname.split("/").pop() || "browse.html";
    if (("#" + h) === location.hash || (!h && !location.hash)) return;
    try { history[push ? "pushState" : "replaceState"](null, "", url); } catch (e) { location.hash = h; }
  }

  /* ---- the filter: one pass; a rule that fails exactly one facet still counts in that facet ---- */
  function run() {
    var n = X.n, sets = facets.map(function (f) { var s = st.sel[f.key]; if (!s.length) return null; var a = new Uint8Array(f.vals.length); s.forEach(function (k) { a[k] = 1; }); return a; });
    var counts = facets.map(function (f) { return new Uint16Array(f.vals.length); }), m = facets.length, i, j, k, a;
    terms = FG.terms(st.q); found = [];
    next: for (i = 0; i < n; i++) {
      var h = X.hay[i];
      for (k = 0; k < terms.length; k++) if (h.indexOf(terms[k]) < 0) continue next;
      var fails = 0, where = -1;
      for (j = 0; j < m; j++) {
        var s = sets[j]; if (!s) continue;
        a = facets[j].rows[i]; var hit = false;
        for (k = 0; k < a.length; k++) if (s[a[k]]) { hit = true; break; }
        if (!hit) { if (++fails > 1) continue next; where = j; }
      }
      if (!fails) { found.push(i); for (j = 0; j < m; j++) { a = facets[j].rows[i]; for (k = 0; k < a.length; k++) counts[j][a[k]]++; } }
      else { a = facets[where].rows[i]; for (k = 0; k < a.length; k++) counts[where][a[k]]++; }
    }
    var o = order[st.sort] || order.mod;
    if (terms.length && st.sort === "mod") {            /* with words typed, rules whose title has them come first */
      var key = new Uint32Array(n);
      found.forEach(function (i) { var t = X.low[i]; key[i] = o[i] + (terms.every(function (w) { return t.indexOf(w) >= 0; }) ? 0 : 65536); });
      found.sort(function (x, y) { return key[x] - key[y]; });
    } else found.sort(function (x, y) { return o[x] - o[y]; });
    return counts;
  }
  function makeOrder() {
    var c = X.col, ix = Array.from({ length: X.n }, function (_, i) { return i; }), t = c.title;
    var rank = function (cmp) { var r = new Uint16Array(X.n); ix.slice().sort(cmp).forEach(function (i, k) { r[i] = k; }); return r; };
    var byTitle = rank(function (a, b) { return t[a] < t[b] ? -1 : t[a] > t[b] ? 1 : 0; }), s = function (a, b) { return a < b ? -1 : a > b ? 1 : 0; };
    order = { title: byTitle, mod: rank(function (a, b) { return s(c.mod[b], c.mod[a]) || byTitle[a] - byTitle[b]; }), date: rank(function (a, b) { return s(c.date[b], c.date[a]) || byTitle[a] - byTitle[b]; }), level: rank(function (a, b) { return c.level[b] - c.level[a] || byTitle[a] - byTitle[b]; }) };
  }

  /* ---- drawing ---- */
  var SHOW = 7;
  function drawFacets(counts) {
    var box = $("fg-facets");
    facets.forEach(function (f, j) {
      var sel = st.sel[f.key];
      if (!f.el) {
        f.el = doc.createElement("details"); f.el.open = f.open || sel.length > 0; f.all = false;
        f.el.innerHTML = "<summary><span>" + f.name + "</span><b></b></summary><ul></ul>"; box.appendChild(f.el);
        f.sum = f.el.querySelector("b"); f.ul = f.el.querySelector("ul");
        f.el.addEventListener("toggle", function () { if (f.el.open) drawOne(f, f.counts); });
      }
      if (sel.length && !f.el.open) f.el.open = true;
      f.sum.textContent = sel.length ? sel.length : ""; f.counts = counts[j];
      if (f.el.open) drawOne(f, counts[j]);
    });
  }
  function drawOne(f, cnt) {
    var sel = st.sel[f.key], top = f.all || f.key === "query" || f.key === "tactic" ? f.order : f.order.slice(0, SHOW + 1), extra = sel.filter(function (k) { return top.indexOf(k) < 0; }), list = extra.concat(top);
    if (!f.all && f.key !== "query" && f.key !== "tactic" && f.order.length > SHOW + 1) {          /* what still counts comes first */
      var live = f.order.filter(function (k) { return cnt[k] > 0; }).slice(0, 400);
      if (!/level|status|tactic|year|query/.test(f.key)) live.sort(function (a, b) { return cnt[b] - cnt[a]; });
      list = sel.concat(live.filter(function (k) { return sel.indexOf(k) < 0; })).slice(0, Math.max(SHOW, sel.length));
      if (!list.length) list = f.order.slice(0, 3);
    }
    var key = list.join();
    if (key !== f.shown) {
      var had = doc.activeElement && f.ul.contains(doc.activeElement) ? doc.activeElement.value : null;
      f.shown = key;
      f.ul.innerHTML = list.map(function (k) { return '<li><label title="' + esc(f.vals[k][1]) + '"><input type="checkbox" value="' + k + '"><span>' + esc(f.vals[k][1]) + "</span><i></i></label></li>"; }).join("") +
        (f.order.length > list.length || f.all ? '<li><button type="button" class="fg-more">' + (f.all ? "Fewer" : "All " + f.order.length) + "</button></li>" : "");
      f.boxes = [].slice.call(f.ul.querySelectorAll("input")); f.is = [].slice.call(f.ul.querySelectorAll("i"));
      if (had !== null) f.boxes.forEach(function (b) { if (b.value === had) b.focus(); });
    }
    f.boxes.forEach(function (b, x) { var k = list[x]; b.checked = sel.indexOf(k) >= 0; f.is[x].textContent = cnt[k].toLocaleString("en"); b.parentNode.className = cnt[k] ? "" : "zero"; });
  }
  var WHERE = ["title", "id", "tag", "author", "description", "value"];
  function why(i) {
    if (!terms.length) return "";
    var parts = X.hay[i].split("\n"), c = X.col, t;
    for (var k = 0; k < terms.length; k++) {
      t = terms[k];
      if (parts[0].indexOf(t) >= 0) continue;
      for (var p = 1; p < parts.length; p++) {
        var at = parts[p].indexOf(t); if (at < 0) continue;
        var src = p >= 5 ? c.lit[i].split("\n")[p - 5] : p === 4 ? c.desc[i] : parts[p], from = Math.max(0, at - 30);
        return '<span class="why">' + WHERE[Math.min(p, 5)] + ": " + (from ? "…" : "") + FG.mark(src.slice(from, from + 110), [t]) + "</span>";
      }
    }
    return "";
  }
  function sources(i, most) {                          /* a rule's log sources, the first of them and how many more */
    var s = X.col.src[i].map(function (k) { return X.src[k]; });
    return s.length > most ? s.slice(0, most).join(" ") + " +" + (s.length - most) : s.join("; ");
  }
  function row(i) {
    var c = X.col, tt = c.tech[i], q = 0, nq = X.targets.length;
    for (var b = c.q[i]; b; b >>= 1) q += b & 1;
    return '<li><a class="fg-row" href="' + X.url(i) + '">' + FG.lvl(c.level[i]) + "<b>" + FG.mark(c.title[i], terms) + why(i) + '</b><span class="m">' + esc(sources(i, 1)) + '</span><span class="m t">' +
      (tt.length ? esc(X.tech[tt[0]][0]) + (tt.length > 1 ? " +" + (tt.length - 1) : "") : "no technique") + '</span><span class="q' + (q === nq ? "" : q ? " part" : " none") + '">' + (q === nq ? "" : q ? "◐ " : "✕ ") + q + "/" + nq + '</span><time>' + esc(c.mod[i]) + "</time></a></li>";
  }
  function draw() {
    var counts = run(), pages = Math.max(1, Math.ceil(found.length / PAGE));
    st.p = Math.min(st.p, pages);
    var from = (st.p - 1) * PAGE, part = found.slice(from, from + PAGE), rows = $("fg-rows"), pager = doc.querySelector(".fg-pager");
    drawFacets(counts);
    $("fg-sort").options[0].text = terms.length ? "Title match, newest" : "Newest change";
    $("fg-count").innerHTML = "<b>" + found.length.toLocaleString("en") + "</b> " + (found.length < X.n ? "of " + X.n.toLocaleString("en") + " " : "") + (X.n === 1 ? "rule" : "rules");
    var chips = [];
    facets.forEach(function (f) { st.sel[f.key].forEach(function (k) { chips.push('<button type="button" class="fg-chip" data-f="' + f.key + '" data-k="' + k + '" aria-label="Remove filter ' + f.name + ": " + esc(f.vals[k][1]) + '">' + esc(f.name) + ": " + esc(f.vals[k][1]) + "</button>"); }); });
    if (chips.length || st.q) chips.push('<button type="button" class="fg-chip all">Clear all</button>');
    $("fg-chips").innerHTML = chips.join("");
    if (part.length) rows.innerHTML = part.map(row).join("");
    else {
      var n = facets.filter(function (f) { return st.sel[f.key].length; }).length;
      rows.innerHTML = '<li class="fg-empty"><h2>No rule matches all of this</h2><p>' + (st.q ? "No rule" + (n ? " under these filters" : "") + " mentions “" + esc(st.q) + "” in its title, description, ids, tags, author or values. " : "") + (n && st.q ? "Without the filters, " + bare() + " would." : n ? "Take one filter away above, or clear them all." : "Try fewer words; a backslash counts as written.") + '</p><p><button type="button" class="fg-btn" data-clear="' + (n && st.q ? "filters" : "all") + '">' + (n && st.q ? "Clear the filters" : "Show all rules") + "</button></p></li>";
    }
    pager.innerHTML = pages > 1 ? '<button type="button" class="fg-btn" data-p="-1"' + (st.p === 1 ? " disabled" : "") + ">Previous</button><span>" + (from + 1) + "–" + (from + part.length) + " of " + found.length.toLocaleString("en") + '</span><button type="button" class="fg-btn" data-p="1"' + (st.p === pages ? " disabled" : "") + ">Next</button>" : "";
    var nsel = chips.length - 1, fb = doc.querySelector(".fg-b__filters"); fb.textContent = nsel > 0 ? "Filters (" + nsel + ")" : "Filters";
  }

  function bare() { var k = 0; for (var i = 0; i < X.n; i++) if (terms.every(function (t) { return X.hay[i].indexOf(t) >= 0; })) k++; return k ? FG.many(k, "rule") : "no rule"; }
  function top() { if (scrollY > 120) scrollTo(0, 0); }
  FG.index().then(function (x) {
    X = x; x.low = x.col.title.map(function (t) { return t.toLowerCase(); }); build(); makeOrder(); read(); draw();
    doc.documentElement.setAttribute("data-ready", "");
    var input = $("fg-bq");
    input.addEventListener("input", function () { st.q = input.value; st.p = 1; draw(); write(false); });
    $("fg-sort").addEventListener("change", function (e) { st.sort = e.target.value; st.p = 1; draw(); write(true); });
    $("fg-facets").addEventListener("change", function (e) {
      var f = facets.filter(function (f) { return f.ul && f.ul.contains(e.target); })[0], k = +e.target.value, s = st.sel[f.key], at = s.indexOf(k);
      if (at < 0) s.push(k); else s.splice(at, 1);
      st.p = 1; draw(); write(true);
    });
    $("fg-facets").addEventListener("click", function (e) { if (!e.target.classList.contains("fg-more")) return; var f = facets.filter(function (f) { return f.ul && f.ul.contains(e.target); })[0]; f.all = !f.all; drawOne(f, f.counts); });
    $("fg-chips").addEventListener("click", function (e) {
      var b = e.target.closest("button"); if (!b) return;
      if (b.classList.contains("all")) { facets.forEach(function (f) { st.sel[f.key] = []; }); st.q = input.value = ""; }
      else { var s = st.sel[b.dataset.f]; s.splice(s.indexOf(+b.dataset.k), 1); }
      st.p = 1; draw(); write(true); input.focus();
    });
    $("fg-rows").addEventListener("click", function (e) {
      var b = e.target.closest("[data-clear]"); if (!b) return;
      facets.forEach(function (f) { st.sel[f.key] = []; }); if (b.dataset.clear === "all") st.q = input.value = "";
      st.p = 1; draw(); write(true); input.focus();
    });
    doc.querySelector(".fg-pager").addEventListener("click", function (e) { var b = e.target.closest("button"); if (!b) return; st.p += +b.dataset.p; draw(); write(true); top(); var f = $("fg-rows").querySelector("a"); if (f) f.focus({ preventScroll: true }); });
    doc.querySelector(".fg-b__filters").addEventListener("click", function (e) { var o = $("fg-facets").classList.toggle("open"); e.target.setAttribute("aria-expanded", o); });
    $("fg-csv").addEventListener("click", function () {
      var c = X.col, q = function (s) { s = String(s); if (/^[=+\-@\t]/.test(s)) s = "'" + s; return '"' + s.replace(/"/g, '""') + '"'; };
      var lines = ["id,title,level,status,log source,techniques,data needed,modified"].concat(found.map(function (i) {
        return [c.id[i], c.title[i], FG.LEVELS[c.level[i]], X.status[c.status[i]], sources(i, 99), c.tech[i].map(function (t) { return X.tech[t][0]; }).join(" "), c.dn[i].map(function (d) { return X.dn[d][0]; }).join("; "), c.mod[i]].map(q).join(","); }));
      var a = doc.createElement("a"); a.href = URL.createObjectURL(new Blob([lines.join("\r\n") + "\r\n"], { type: "text/csv" })); a.download = "rules.csv"; a.click();
    });
    doc.addEventListener("keydown", function (e) {
      var rows = [].slice.call(doc.querySelectorAll("#fg-rows a")), at = rows.indexOf(doc.activeElement);
      if (e.target === input && e.key === "ArrowDown" && rows[0]) { e.preventDefault(); rows[0].focus(); }
      else if (e.target === input && e.key === "Escape" && st.q) { st.q = input.value = ""; st.p = 1; draw(); write(false); }
      else if (e.target === input && e.key === "Enter" && found.length === 1) rows[0].click();
      else if (at >= 0 && e.key === "ArrowDown" && rows[at + 1]) { e.preventDefault(); rows[at + 1].focus(); }
      else if (at >= 0 && e.key === "ArrowUp") { e.preventDefault(); (rows[at - 1] || input).focus(); }
      else if (at >= 0 && e.key === "Escape") input.focus();
    });
    addEventListener("popstate", function () { read(); draw(); });
    addEventListener("hashchange", function () { read(); draw(); });
  }, function () { $("fg-count").textContent = "The index did not load. Reload the page, or use the lists above."; });
})();
