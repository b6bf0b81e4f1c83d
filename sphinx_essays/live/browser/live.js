// The live server's script: updates the page in place after a change, and shows a panel with
// Sphinx's warnings. The server adds it to the pages it sends; no file of the book contains
// it. It makes requests to its own origin only.
// @ts-check
"use strict";
(function () {
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  const root = script.src.replace(/live\.js.*$/, "");
  const BLOCKS = "p, li, dt, dd, h1, h2, h3, h4, h5, h6, blockquote, figure, pre, table, aside";
  const AROUND = "header, nav, footer, .essay-byline, .essay-article-footer";
  const LCS_LIMIT = 250000;

  let digest = script.dataset.page || "";
  /** The page as last sent, without what scripts have added since. */
  let sent = /** @type {Element} */ (document.documentElement.cloneNode(true));
  let needsLoading = false;
  /** @type {Element[]} */
  let touched = [];

  // -- updating the page ------------------------------------------------------------

  /** Whether nodes have the same name and id. @param {Node} node @param {Node} other */
  function isKin(node, other) {
    if (node.nodeName !== other.nodeName) return false;
    if (!(node instanceof Element)) return true;
    return !node.id || node.id === /** @type {Element} */ (other).id;
  }

  /**
   * Find the node in the page for each node that was sent, or return null. Scripts may have
   * added other nodes in between.
   * @param {Node[]} before @param {Element} shown
   */
  function shownOf(before, shown) {
    const nodes = /** @type {ChildNode[]} */ ([]);
    let at = shown.firstChild;
    for (const node of before) {
      while (at && !(isKin(node, at) && (node instanceof Element || node.nodeValue === at.nodeValue))) {
        at = at.nextSibling;
      }
      if (!at) return null;
      nodes.push(at);
      at = at.nextSibling;
    }
    return nodes;
  }

  /**
   * Find unchanged nodes by longest common subsequence; return pairs of indexes.
   * @param {Node[]} before @param {Node[]} after
   */
  function kept(before, after) {
    if (before.length * after.length > LCS_LIMIT) return [];
    const key = (/** @type {Node} */ node) =>
      node instanceof Element ? node.outerHTML : node.nodeName + node.nodeValue;
    const ours = before.map(key);
    const other = after.map(key);
    const width = other.length + 1;
    const longest = new Uint16Array((ours.length + 1) * width);
    for (let i = ours.length - 1; i >= 0; i--) {
      for (let j = other.length - 1; j >= 0; j--) {
        longest[i * width + j] =
          ours[i] === other[j]
            ? longest[(i + 1) * width + j + 1] + 1
            : Math.max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
      }
    }
    const pairs = [];
    for (let i = 0, j = 0; i < ours.length && j < other.length; ) {
      if (ours[i] === other[j]) pairs.push([i++, j++]);
      else if (longest[(i + 1) * width + j] >= longest[i * width + j + 1]) i++;
      else j++;
    }
    return pairs;
  }

  /** Whether a script is structured data, not code. @param {Element} script */
  function isData(script) {
    return script.getAttribute("type") === "application/ld+json";
  }

  /**
   * Apply the differences between an element as sent before and as sent now to the page.
   * @param {Element} was @param {Element} now @param {Element} shown
   */
  function morph(was, now, shown) {
    if (was.nodeName === "SCRIPT") {
      if (isData(was)) shown.textContent = now.textContent;
      else if (!was.hasAttribute("data-page")) needsLoading = true;
      return;
    }
    dress(was, now, shown);
    const before = [...was.childNodes];
    const after = [...now.childNodes];
    let head = 0;
    const least = Math.min(before.length, after.length);
    while (head < least && before[head].isEqualNode(after[head])) head++;
    let tail = 0;
    while (
      tail < least - head &&
      before[before.length - 1 - tail].isEqualNode(after[after.length - 1 - tail])
    ) {
      tail++;
    }
    if (head === before.length && head === after.length) return;
    const places = shownOf(before, shown);
    if (!places) {
      shown.replaceChildren(...after.map((node) => document.importNode(node, true)));
      touched.push(shown);
      return;
    }
    const gone = before.slice(head, before.length - tail);
    const come = after.slice(head, after.length - tail);
    let i = 0;
    let j = 0;
    for (const [k, l] of [...kept(gone, come), [gone.length, come.length]]) {
      change(gone.slice(i, k), come.slice(j, l), places.slice(head + i, head + k), {
        parent: shown,
        before: places[head + k] || after_(places[head + k - 1]),
      });
      i = k + 1;
      j = l + 1;
    }
  }

  /** @param {ChildNode | undefined} node */
  function after_(node) {
    return node ? node.nextSibling : null;
  }

  /**
   * Replace a run of sibling nodes: change nodes of the same name, insert or remove the rest.
   * @param {Node[]} gone @param {Node[]} come @param {ChildNode[]} shown
   * @param {{parent: Element, before: ChildNode | null}} place
   */
  function change(gone, come, shown, place) {
    let at = 0;
    for (const node of come) {
      const was = gone[at];
      if (was && was.nodeName === node.nodeName) {
        const here = shown[at++];
        if (was instanceof Element) {
          morph(was, /** @type {Element} */ (node), /** @type {Element} */ (/** @type {Node} */ (here)));
        } else if (here.nodeValue !== node.nodeValue) {
          here.nodeValue = node.nodeValue;
          touched.push(place.parent);
        }
        continue;
      }
      if (node.nodeName === "SCRIPT") needsLoading = true;
      const made = /** @type {ChildNode} */ (document.importNode(node, true));
      place.parent.insertBefore(made, shown[at] || place.before);
      if (made instanceof Element) touched.push(made);
      else if ((made.nodeValue || "").trim()) touched.push(place.parent);
    }
    for (const node of shown.slice(at)) {
      if (node.nodeName === "SCRIPT") needsLoading = true;
      node.remove();
      touched.push(place.parent);
    }
  }

  /** Update attributes. @param {Element} was @param {Element} now @param {Element} shown */
  function dress(was, now, shown) {
    for (const { name, value } of [...now.attributes]) {
      if (was.getAttribute(name) === value) continue;
      if (name === "href" && isSheet(shown)) swap(shown, value);
      else shown.setAttribute(name, value);
    }
    for (const { name } of [...was.attributes]) {
      if (!now.hasAttribute(name)) shown.removeAttribute(name);
    }
  }

  // -- style sheets and images ------------------------------------------------------

  /** @type {WeakMap<Element, Element>} */
  const coming = new WeakMap();
  let turn = 0;

  /** @param {Element} element @returns {element is HTMLLinkElement} */
  function isSheet(element) {
    return element instanceof HTMLLinkElement && element.relList.contains("stylesheet");
  }

  /**
   * Load a style sheet and then remove the old link, so that the page is never unstyled.
   * @param {HTMLLinkElement} sheet @param {string} href
   */
  function swap(sheet, href) {
    const next = /** @type {HTMLLinkElement} */ (sheet.cloneNode());
    next.setAttribute("href", href);
    const earlier = coming.get(sheet);
    if (earlier) earlier.remove();
    coming.set(sheet, next);
    for (const kind of ["load", "error"]) next.addEventListener(kind, () => sheet.remove());
    sheet.after(next);
  }

  /** Return a URL that no cache contains. @param {string} address */
  function anew(address) {
    const url = new URL(address, location.href);
    url.searchParams.set("live", String(++turn));
    return url.href;
  }

  /** @param {string[]} files */
  async function takeAssets(files) {
    const paths = new Set(files.map((name) => new URL(name, new URL("/", root)).pathname));
    const sheets = [...document.querySelectorAll("link")].filter(isSheet).filter((sheet) => !oldOnes().has(sheet));
    const changed = sheets.filter((sheet) => paths.has(new URL(sheet.href).pathname));
    const imported = files.some((name) => name.endsWith(".css")) && !changed.length;
    for (const sheet of imported ? sheets : changed) swap(sheet, anew(sheet.href));
    for (const image of document.querySelectorAll("img")) {
      if (!paths.has(new URL(image.src, location.href).pathname)) continue;
      image.src = anew(image.src);
    }
  }

  function oldOnes() {
    return new Set([...document.querySelectorAll("link")].filter((link) => coming.has(link)));
  }

  // -- the page ---------------------------------------------------------------------

  /** @param {RequestCache} [cache] */
  async function fetchPage(cache = "no-cache") {
    const answer = await fetch(location.pathname + location.search, { cache });
    return read(await answer.text());
  }

  /** @param {string} text */
  function read(text) {
    const page = new DOMParser().parseFromString(text, "text/html");
    const mark = page.querySelector("script[data-page]");
    return { element: page.documentElement, digest: mark ? mark.getAttribute("data-page") || "" : "" };
  }

  let isTaking = false;
  let isAsked = false;
  /** The page that came with the last change event, or "". */
  let delivered = "";

  /** @param {string} text */
  async function take(text) {
    delivered = text;
    isAsked = true;
    if (isTaking) return;
    isTaking = true;
    try {
      while (isAsked) {
        isAsked = false;
        const text = delivered;
        delivered = "";
        const page = text ? read(text) : await fetchPage();
        if (!page.digest || page.digest === digest) continue;
        needsLoading = false;
        touched = [];
        const was = sent;
        sent = page.element;
        digest = page.digest;
        morph(was, page.element, document.documentElement);
        if (needsLoading) location.reload();
        show();
      }
    } catch {
      // The server is not running; the socket reconnects when it is.
    } finally {
      isTaking = false;
    }
  }

  function show() {
    document.dispatchEvent(new CustomEvent("essay-changed"));
    const place = edited();
    if (!place) return;
    const box = place.getBoundingClientRect();
    if (box.bottom < 40 || box.top > innerHeight - 80) {
      place.scrollIntoView({ block: box.height > innerHeight ? "start" : "center", behavior: "instant" });
    }
    panel.mark(place);
  }

  /** Return the first block of the text that has changed. */
  function edited() {
    const main = document.querySelector("main, [role=main]") || document.body;
    const blocks = touched
      .filter((element) => element.isConnected && main.contains(element) && !element.closest(AROUND))
      .map((element) => element.closest(BLOCKS) || element)
      .filter((element) => element !== main && element.getClientRects().length);
    blocks.sort((a, b) => (a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_PRECEDING ? 1 : -1));
    return blocks.find((element) => element.matches(BLOCKS)) || blocks[0];
  }

  // -- the panel --------------------------------------------------------------------

  /** @param {string} tag @param {string} [className] @param {string} [text] */
  function make(tag, className = "", text = "") {
    const made = document.createElement(tag);
    if (className) made.className = className;
    made.textContent = text;
    return made;
  }

  const panel = (function () {
    const host = document.createElement("essay-live");
    host.setAttribute("data-settled", "false");
    const shadow = host.attachShadow({ mode: "open" });
    const sheet = document.createElement("link");
    sheet.rel = "stylesheet";
    sheet.href = root + "live.css";
    const box = make("section", "panel");
    const list = make("ol", "complaints");
    list.setAttribute("role", "status");
    const bar = make("div", "bar");
    const toggle = /** @type {HTMLButtonElement} */ (make("button", "toggle"));
    toggle.type = "button";
    const words = make("span", "words");
    const printed = make("span", "printed");
    const label = make("label", "follow");
    const follow = document.createElement("input");
    follow.type = "checkbox";
    const follows = make("span");
    label.append(follow, " ", follows);
    bar.append(toggle, words, printed, label);
    box.append(list, bar);
    const spot = make("div", "spot");
    shadow.append(sheet, box, spot);
    let stopped = "";
    let folded = remembered("essay-live-folded") === "true";
    follow.checked = remembered("essay-live-follow") === "true";

    /** @param {string} key */
    function remembered(key) {
      try {
        return sessionStorage.getItem(key);
      } catch {
        return null;
      }
    }

    /** @param {string} key @param {boolean} value */
    function remember(key, value) {
      try {
        sessionStorage.setItem(key, String(value));
      } catch {
        // Storage is not available: the setting lasts for this page only.
      }
    }

    function fold() {
      list.hidden = folded || !list.childElementCount;
      toggle.setAttribute("aria-expanded", String(!folded));
    }

    toggle.addEventListener("click", () => {
      folded = !folded;
      remember("essay-live-folded", folded);
      fold();
    });
    follow.addEventListener("change", () => remember("essay-live-follow", follow.checked));

    /** @param {any} state */
    function tell(state) {
      const complaints = /** @type {any[]} */ (state.complaints);
      list.replaceChildren(
        ...complaints.map((complaint) => {
          const item = make("li", complaint.level);
          if (complaint.file) item.append(make("code", "place", complaint.file + (complaint.line ? ":" + complaint.line : "")), " ");
          item.append(make("span", "text", complaint.text));
          return item;
        })
      );
      const { counts, labels } = state;
      toggle.textContent = [counts.errors, counts.warnings].filter(Boolean).join(" · ");
      toggle.hidden = !complaints.length;
      toggle.classList.toggle("error", Boolean(counts.errors));
      words.textContent = [counts.words, counts.today].filter(Boolean).join(" · ");
      box.setAttribute("aria-label", labels.panel);
      follows.textContent = labels.follow;
      label.title = labels.follow_hint;
      stopped = labels.stopped;
      offer({ [labels.printed_essay]: state.printed.essay, [labels.printed_book]: state.printed.book });
      host.setAttribute("data-settled", String(state.settled));
      box.classList.toggle("building", !state.settled);
      fold();
    }

    /** Show links to PDFs and keep their windows for reloading. @param {Record<string, string>} links */
    function offer(links) {
      const shown = Object.entries(links).filter(([, address]) => address);
      printed.replaceChildren(
        ...shown.map(([name, address]) => {
          const link = /** @type {HTMLAnchorElement} */ (make("a", "", name));
          link.href = address;
          link.addEventListener("click", (event) => {
            event.preventDefault();
            windows.set(link.href, open(link.href, link.href));
          });
          return link;
        })
      );
    }

    /** @type {Map<string, Window | null>} */
    const windows = new Map();

    /** @param {string} file */
    function reload(file) {
      const shown = windows.get(new URL("pdf/" + file.split("/").map(encodeURIComponent).join("/"), root).href);
      if (shown && !shown.closed) shown.location.reload();
    }

    /** @param {boolean} isThere */
    function connect(isThere) {
      host.toggleAttribute("data-lost", !isThere);
      if (isThere) return;
      words.textContent = stopped;
      printed.replaceChildren();
      list.replaceChildren();
      toggle.hidden = true;
      fold();
    }

    /** Highlight a block for a moment. @param {Element} block */
    function mark(block) {
      const place = block.getBoundingClientRect();
      spot.style.top = place.top + scrollY - 4 + "px";
      spot.style.left = place.left + scrollX - 10 + "px";
      spot.style.width = place.width + 20 + "px";
      spot.style.height = place.height + 8 + "px";
      spot.classList.remove("lit");
      void spot.offsetWidth; // restarts the animation
      spot.classList.add("lit");
    }

    document.documentElement.append(host);
    return { tell, connect, mark, reload, follows: () => follow.checked };
  })();

  // -- the socket -------------------------------------------------------------------

  let pause = 100;
  let wasBuilt = true;

  /** @param {any} news */
  function hear(news) {
    if (news.kind === "changed") take(news.text || "");
    else if (news.kind === "assets") takeAssets(news.files);
    else if (news.kind === "printed") panel.reload(news.file);
    else if (news.kind === "state") {
      if (news.built && !wasBuilt) location.reload();
      wasBuilt = news.built || document.body.childElementCount > 0;
      panel.tell(news);
    } else if (news.kind === "edited" && panel.follows()) {
      const address = new URL("/" + news.page.split("/").map(encodeURIComponent).join("/"), root);
      const here = location.pathname.endsWith("/") ? location.pathname + "index.html" : location.pathname;
      if (address.pathname !== here) location.assign(address.href);
    }
  }

  function connect() {
    const socket = new WebSocket(new URL("socket", root).href.replace(/^http/, "ws"));
    socket.addEventListener("open", () => {
      pause = 100;
      panel.connect(true);
      socket.send(JSON.stringify({ page: decodeURIComponent(location.pathname), digest }));
    });
    socket.addEventListener("message", (event) => hear(JSON.parse(event.data)));
    socket.addEventListener("close", () => {
      panel.connect(false);
      setTimeout(connect, pause);
      pause = Math.min(pause * 2, 2000);
    });
  }

  // Other scripts may have changed the page by now: get it as it was sent.
  fetchPage("force-cache").then((page) => {
    if (page.digest === digest) sent = page.element;
    connect();
  }, connect);
})();
