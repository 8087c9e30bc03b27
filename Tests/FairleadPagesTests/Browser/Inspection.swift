// Accessibility and layout checks of a page, as JavaScript expressions that the browser evaluates.

enum Inspection {
  /// By how many pixels the page is wider than its window.
  static let overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

  /// The elements that extend beyond the window, for the message of a failed test.
  static let overflowing = """
    [...document.body.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
      .map((e) => `${e.tagName}.${e.getAttribute("class")}: ${e.textContent.trim().slice(0, 40)}`).slice(0, 8)
    """

  /// Texts whose contrast with the background is under 4.5:1, with the ratio.
  static let lowContrast = """
    (() => {
      const parts = (c) => { const m = c.match(/[\\d.]+/g).map(Number); return { rgb: m.slice(0, 3), a: m.length > 3 ? m[3] : 1 }; };
      const light = (rgb) => {
        const [r, g, b] = rgb.map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const paper = (e) => {
        for (; e; e = e.parentElement) {
          const c = parts(getComputedStyle(e).backgroundColor);
          if (c.a === 1) return c.rgb;
        }
        return [255, 255, 255];
      };
      const found = new Set();
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const e = walker.currentNode.parentElement;
        if (!walker.currentNode.data.trim() || !e.getClientRects().length || ["TITLE", "DESC"].includes(e.tagName.toUpperCase())) continue;
        const style = getComputedStyle(e);
        const ink = parts(e.closest("svg") ? style.fill : style.color).rgb;
        const [a, b] = [light(ink), light(paper(e))].sort((x, y) => y - x);
        const ratio = (a + 0.05) / (b + 0.05);
        if (ratio < 4.5) found.add(`${ratio.toFixed(2)} ${e.tagName}.${e.getAttribute("class")}: ${walker.currentNode.data.trim().slice(0, 40)}`);
      }
      return [...found];
    })()
    """

  /// Labels of a drawing that overlap, and labels that extend beyond it.
  static let crossedLabels = """
    (() => {
      const found = [];
      for (const svg of document.querySelectorAll("svg.drawing")) {
        const box = svg.getBoundingClientRect();
        if (!box.width) continue;
        const labels = [...svg.querySelectorAll("text")].map((e) => ({ text: e.textContent, r: e.getBoundingClientRect() }));
        labels.forEach((a, i) => {
          if (a.r.left < box.left - 1 || a.r.right > box.right + 1 || a.r.top < box.top - 1 || a.r.bottom > box.bottom + 1) {
            found.push(`${svg.querySelector("title").textContent}: '${a.text}' leaves the drawing`);
          }
          for (const b of labels.slice(i + 1)) {
            const wide = Math.min(a.r.right, b.r.right) - Math.max(a.r.left, b.r.left);
            const high = Math.min(a.r.bottom, b.r.bottom) - Math.max(a.r.top, b.r.top);
            if (wide > 1 && high > 2) found.push(`${svg.querySelector("title").textContent}: '${a.text}' lies on '${b.text}'`);
          }
        });
      }
      return found;
    })()
    """

  /// Errors in the page's structure: landmarks, the order of headings, ids, and links within the page.
  static let skeleton = """
    (() => {
      const found = [];
      const one = (s) => { const n = document.querySelectorAll(s).length; if (n !== 1) found.push(`${n} ${s}`); };
      ["html[lang]", "head > title", "main", "body > header", "body > footer", "h1"].forEach(one);
      let level = 0;
      for (const h of document.querySelectorAll("h1, h2, h3, h4")) {
        const next = Number(h.tagName[1]);
        if (next > level + 1) found.push(`h${next} after h${level}: ${h.textContent}`);
        level = next;
      }
      const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
      ids.filter((id, i) => ids.indexOf(id) !== i).forEach((id) => found.push(`id ${id} twice`));
      for (const a of document.querySelectorAll("a")) {
        const target = a.getAttribute("href");
        if (!target.startsWith("#") || !document.getElementById(target.slice(1))) found.push(`link to ${target}`);
      }
      for (const e of document.querySelectorAll("[aria-labelledby]")) {
        for (const id of e.getAttribute("aria-labelledby").split(" ")) {
          if (!document.getElementById(id)?.textContent.trim()) found.push(`no label ${id}`);
        }
      }
      for (const e of document.querySelectorAll("script, link, iframe, object, embed, img, form, [src], [style]")) found.push(e.outerHTML.slice(0, 80));
      for (const e of document.querySelectorAll("*")) {
        for (const a of e.attributes) if (a.name.startsWith("on")) found.push(`${e.tagName} has ${a.name}`);
      }
      return found;
    })()
    """
}
