/* Matrix: the page is complete without this; here the filters recount it from the index. */
(function () {
  "use strict";
  var FG = window.FG, doc = document, mx = doc.querySelector(".fg-mx"), g = doc.querySelector(".fg-mx__g"), bar = doc.querySelector(".fg-mx__bar");
  if (!mx) return;
  var $ = function (id) { return doc.getElementById(id); };
  var step = function (n) { return n === 0 ? 0 : n < 5 ? 1 : n < 20 ? 2 : n < 50 ? 3 : 4; };
  function recount() {
    FG.index().then(function (x) {
      var c = x.col, lv = $("mx-level").value, s = $("mx-status").value, p = $("mx-platform").value, d = $("mx-data").value, n = {}, total = 0;
      for (var i = 0; i < x.n; i++) {
        if (lv && c.level[i] < +lv) continue;
        if (s && x.status[c.status[i]] !== s) continue;
        if (p && !c.src[i].some(function (k) { return x.src[k].split(" / ")[0] === p; })) continue;
        if (d && !c.dn[i].some(function (k) { return x.dn[k][0] === d; })) continue;
        total++;
        var seen = {};
        c.tech[i].forEach(function (k) { var t = x.tech[k][0], par = t.split(".")[0]; [t, par].forEach(function (z) { if (!seen[z]) { seen[z] = 1; n[z] = (n[z] || 0) + 1; } }); });
      }
      g.querySelectorAll("li[data-t]").forEach(function (li) {
        var k = n[li.dataset.t] || 0; li.className = "s" + step(k); li.querySelector("b").textContent = k;
      });
      g.querySelectorAll("section").forEach(function (sec) {
        var cells = sec.querySelectorAll(":scope > ul > li"), hit = 0; cells.forEach(function (li) { if (!li.classList.contains("s0")) hit++; });
        sec.querySelector("p").textContent = hit + " of " + cells.length;
      });
      $("mx-said").textContent = total < x.n ? "Filtered: " + FG.many(total, "rule") + " of " + x.n.toLocaleString("en") + " counted." : "";
    });
  }
  bar.addEventListener("change", function (e) {
    if (e.target.id === "mx-only") g.classList.toggle("fg-mx--only", e.target.checked);
    else if (e.target.id === "mx-ids") g.classList.toggle("fg-mx--ids", e.target.checked);
    else if (e.target.id === "mx-sub") g.querySelectorAll("details").forEach(function (d) { d.open = e.target.checked; });
    else recount();
  });
})();
