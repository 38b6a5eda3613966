/* What the book's pages do beside being read. Everything is there without it but search, copying, choosing colours and
   asking a figure for its numbers. Text is set as text, never as markup. */
(function () {
  'use strict';
  const page = document.documentElement;
  const byID = (id) => document.getElementById(id);
  const words = JSON.parse(byID('ui-words').textContent);
  const languages = words.languages.split(' ');
  const fill = (pattern, value) => pattern.replace('{0}', value);

  /** An element of HTML, or of SVG where the name begins with `svg:`. */
  function make(name, attributes, ...children) {
    const element = name.startsWith('svg:')
      ? document.createElementNS('http://www.w3.org/2000/svg', name.slice(4)) : document.createElement(name);
    for (const key in attributes) element.setAttribute(key, attributes[key]);
    element.append(...children);
    return element;
  }

  // MARK: Colours, contents

  const theme = byID('ui-theme');
  theme.value = page.dataset.theme;
  theme.addEventListener('change', () => {
    page.dataset.theme = theme.value;
    try { localStorage.setItem('theme', theme.value); } catch { /* A browser may keep nothing for a file. */ }
  });

  const contents = byID('ui-contents'), contentsButton = byID('ui-contents-button');
  contentsButton.addEventListener('click', () => {
    const isOpen = contents.classList.toggle('open');
    contentsButton.setAttribute('aria-expanded', isOpen);
  });
  contents.addEventListener('click', (event) => {
    if (!event.target.closest('a')) return;
    contents.classList.remove('open');
    contentsButton.setAttribute('aria-expanded', false);
  });

  // The section that is being read.
  const sections = [...contents.querySelectorAll('ol ol a')].map((link) => ({
    link, heading: byID(decodeURIComponent(link.hash.slice(1))),
  })).filter((section) => section.heading);
  function markSection() {
    const current = sections.findLast((section) => section.heading.getBoundingClientRect().top < 120);
    for (const section of sections) {
      if (section === current) section.link.setAttribute('aria-current', 'true');
      else section.link.removeAttribute('aria-current');
    }
  }
  let isMarking = false;
  addEventListener('scroll', () => {
    if (isMarking) return;
    isMarking = true;
    requestAnimationFrame(() => { isMarking = false; markSection(); });
  }, { passive: true });
  markSection();

  // MARK: The same paragraph in the other language

  // Both pages have the same blocks: the first one that is in view has the same number there.
  const blocks = [...document.querySelector('article').children];
  for (const link of document.querySelectorAll('.language')) {
    const address = link.getAttribute('href');
    const update = () => {
      const first = blocks.findIndex((block) => block.getBoundingClientRect().bottom > 80);
      link.href = address + (scrollY > 40 && first > 0 ? `#block-${first}` : '');
    };
    for (const event of ['focus', 'pointerenter', 'pointerdown', 'click']) link.addEventListener(event, update);
  }
  function goToBlock() {
    const match = /^#block-(\d+)$/.exec(location.hash);
    const block = match && blocks[match[1]];
    if (block) block.scrollIntoView({ behavior: 'instant' });
  }
  addEventListener('hashchange', goToBlock);
  addEventListener('load', goToBlock);

  // A link to something folded opens what it is in.
  function unfold() {
    const target = location.hash.length > 1 && byID(decodeURIComponent(location.hash.slice(1)));
    for (let parent = target; parent; parent = parent.parentElement) {
      if (parent.tagName === 'DETAILS') parent.open = true;
    }
  }
  addEventListener('hashchange', unfold);
  unfold();

  // MARK: Code

  for (const pre of document.querySelectorAll('article pre')) {
    if (pre.closest('.claims')) continue;
    const box = pre.parentNode.classList.contains('sourceCode') ? pre.parentNode : pre;
    const button = make('button', { type: 'button' }, words.copy);
    button.addEventListener('click', async () => {
      const code = pre.querySelector('code');
      try {
        await navigator.clipboard.writeText(code.textContent);
      } catch {
        getSelection().selectAllChildren(code);
        document.execCommand('copy');
      }
      button.textContent = words.copied;
      setTimeout(() => { button.textContent = words.copy; }, 2000);
    });
    const frame = make('div', { class: 'code' });
    box.replaceWith(frame);
    frame.append(box, button);
  }

  // What scrolls sideways can be reached by keyboard.
  function reachScrolling() {
    for (const box of document.querySelectorAll('pre, .scroll, .figure, math[display=block]')) {
      if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
      else if (!box.matches('.live .figure')) box.removeAttribute('tabindex');
    }
  }
  addEventListener('resize', reachScrolling);
  document.addEventListener('toggle', reachScrolling, true);

  // MARK: Questions

  for (const form of document.querySelectorAll('.predict')) {
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const choice = form.querySelector(':checked');
      const answer = form.nextElementSibling;
      form.classList.add('answered');
      answer.open = true;
      form.querySelector('output').textContent = !choice ? ''
        : choice.value === form.dataset.answer ? words.asExpected
          : fill(words.otherwise, choice.parentNode.textContent.trim());
    });
  }

  // MARK: Terms

  let preview = null;
  function hidePreview() {
    if (preview) preview.remove();
    preview = null;
  }
  function showPreview(link) {
    hidePreview();
    const meaning = byID(link.getAttribute('aria-describedby'));
    if (!meaning) return;
    preview = make('div', { id: 'ui-preview', 'aria-hidden': 'true' });
    preview.append(...[...meaning.childNodes].map((node) => node.cloneNode(true)));
    document.body.append(preview);
    const place = link.getBoundingClientRect(), own = preview.getBoundingClientRect();
    const isBelow = place.bottom + own.height + 16 < innerHeight;
    preview.style.left = `${Math.max(8, Math.min(place.left, innerWidth - own.width - 16)) + scrollX}px`;
    preview.style.top = `${(isBelow ? place.bottom + 6 : place.top - own.height - 6) + scrollY}px`;
  }
  for (const link of document.querySelectorAll('.term')) {
    link.addEventListener('pointerenter', () => showPreview(link));
    link.addEventListener('focus', () => showPreview(link));
    link.addEventListener('pointerleave', hidePreview);
    link.addEventListener('blur', hidePreview);
  }
  addEventListener('keydown', (event) => { if (event.key === 'Escape') hidePreview(); });

  // MARK: Search

  const dialog = byID('ui-search'), query = byID('ui-query'), found = byID('ui-found'), places = byID('ui-places');
  const rows = [];
  let isLoaded = false;
  const isWide = (text) => /[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]/.test(text);
  const plain = (text) => text.normalize('NFC').toLowerCase();

  window.bookIndex = (language, list) => {
    for (const [name, title, anchor, heading, text] of list) {
      const head = plain(`${title} ${heading}`), body = plain(text);
      rows.push({
        language, name, title, anchor, heading, text, head, body,
        // Korean is written with and without spaces.
        tightHead: head.replace(/\s/g, ''), tightBody: body.replace(/\s/g, ''),
      });
    }
    show();
  };

  function load() {
    if (isLoaded) return;
    isLoaded = true;
    for (const language of languages) document.head.append(make('script', { src: `../search-${language}.js` }));
  }

  /** What to look for: words, and Korean ones as pairs of syllables, since an ending may follow or a space be left out. */
  function pieces(text) {
    return plain(text).split(/\s+/).filter(Boolean).map((word) => {
      if (!isWide(word) || word.length < 3) return [word];
      return Array.from({ length: word.length - 1 }, (_, index) => word.slice(index, index + 2));
    });
  }

  /** How well a row fits: 0 if a word isn't in it. */
  function score(row, wanted, whole) {
    let sum = row.language === page.lang ? 1 : 0;
    for (const parts of wanted) {
      let points = 0;
      for (const part of parts) {
        const [head, body] = isWide(part) ? [row.tightHead, row.tightBody] : [row.head, row.body];
        if (head.includes(part)) points += 8; else if (body.includes(part)) points += 1;
      }
      const isThere = (part) => isWide(part)
        ? row.tightHead.includes(part) || row.tightBody.includes(part)
        : row.head.includes(part) || row.body.includes(part);
      // Of a Korean word two pairs of three have to be there: the last may be an ending.
      if (parts.filter(isThere).length < 0.6 * parts.length) return 0;
      sum += points / parts.length;
    }
    if (row.head.includes(whole)) sum += 16; else if (row.body.includes(whole)) sum += 4;
    if (row.name === 'glossary') sum += 2;
    return sum;
  }

  window.searchBook = (text) => {
    const wanted = pieces(text);
    if (!wanted.length) return [];
    const whole = plain(text.trim());
    const hits = rows.map((row) => ({ row, points: score(row, wanted, whole) })).filter((hit) => hit.points > 1)
      .sort((a, b) => b.points - a.points).map((hit) => hit.row);
    // A section is named once: in the language of the page, if the words are there too.
    const own = new Set(hits.filter((row) => row.language === page.lang).map((row) => `${row.name}#${row.anchor}`));
    return hits.filter((row) => row.language === page.lang || !own.has(`${row.name}#${row.anchor}`));
  };

  /** A piece of a row's text around the first word that was looked for, with these words marked. */
  function excerpt(row, text) {
    const parts = plain(text).split(/\s+/).filter(Boolean).flatMap((word) => [word, ...pieces(word)[0]]);
    const first = parts.map((part) => row.body.indexOf(part)).find((place) => place >= 0) ?? 0;
    const start = Math.max(0, first - 60);
    let rest = (start ? '…' : '') + row.text.slice(start, start + 200) + (row.text.length > start + 200 ? '…' : '');
    const result = make('span', { lang: row.language });
    while (rest) {
      const next = parts.map((part) => ({ part, place: plain(rest).indexOf(part) })).filter((hit) => hit.place >= 0)
        .sort((a, b) => a.place - b.place || b.part.length - a.part.length)[0];
      if (!next) break;
      result.append(rest.slice(0, next.place), make('mark', {}, rest.slice(next.place, next.place + next.part.length)));
      rest = rest.slice(next.place + next.part.length);
    }
    result.append(rest);
    return result;
  }

  function show() {
    const text = query.value;
    const hits = window.searchBook(text);
    places.replaceChildren(...hits.slice(0, 30).map((row) => {
      const name = row.heading && row.heading !== row.title ? `${row.title}: ${row.heading}` : row.title;
      const address = `../${row.language}/${row.name}.html#${row.anchor}`;
      const link = make('a', { href: address }, make('b', { lang: row.language }, name), excerpt(row, text));
      return make('li', {}, link);
    }));
    found.textContent = !text.trim() || !rows.length ? '' : hits.length ? fill(words.found, hits.length) : words.nothingFound;
  }

  byID('ui-search-button').addEventListener('click', () => {
    load();
    dialog.showModal();
    query.select();
  });
  query.addEventListener('input', show);
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog || event.target.closest('a')) dialog.close();
  });
  dialog.querySelector('form').addEventListener('submit', (event) => {
    if (event.submitter) return;
    event.preventDefault();
  });
  // Return goes to the first place, arrows move through all.
  dialog.addEventListener('keydown', (event) => {
    const links = [...places.querySelectorAll('a')];
    const here = links.indexOf(document.activeElement);
    if (event.key === 'Enter' && event.target === query) {
      event.preventDefault();
      if (links[0]) links[0].click();
    } else if (event.key === 'ArrowDown' && links.length) {
      event.preventDefault();
      links[Math.min(here + 1, links.length - 1)].focus();
    } else if (event.key === 'ArrowUp' && here >= 0) {
      event.preventDefault();
      (links[here - 1] || query).focus();
    }
  });

  // MARK: Figures

  reachScrolling();
})();
