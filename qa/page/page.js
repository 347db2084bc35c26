// The page's script. It runs once, in the area named bus. Gradio gives: element, trigger.
// Buttons say what they do in data-do, forms in data-submit, fields in data-change or data-type.
// What is not done here is sent to the server: 'now' is answered at once, 'ask' and 'stock' go on.
const $ = (query, within = document) => within.querySelector(query);
const $$ = (query, within = document) => Array.from(within.querySelectorAll(query));
const body = document.body;

// What this window knows: its wishes stay in the browser, the conversation in the address.
const wishes = (() => {
  try { return JSON.parse(localStorage.getItem('youju')) || {}; } catch { return {}; }
})();
const here = { talk: new URLSearchParams(location.search).get('c') || '', library: '', replaces: 0 };

const send = (name, detail) =>
  trigger(name, { wishes, talk: here.talk, library: here.library, ...detail });
const now = (what, detail) => send('now', { do: what, ...detail });

const setTalk = (talk) => {
  if (talk === here.talk) return;
  here.talk = talk;
  const address = new URL(location.href);
  talk ? address.searchParams.set('c', talk) : address.searchParams.delete('c');
  history.replaceState(null, '', address);
};

// Light or dark, as wished or as the system has it.
const system = matchMedia('(prefers-color-scheme: dark)');
const paint = () => {
  const dark = wishes.theme ? wishes.theme === 'dark' : system.matches;
  if (body.classList.contains('dark') !== dark) body.classList.toggle('dark', dark);
};
system.addEventListener('change', paint);
new MutationObserver(paint).observe(body, { attributeFilter: ['class'] }); // Gradio sets it too
paint();

let read = 0; // how far the conversation was scrolled when the library was opened
const show = (view) => {
  if (body.dataset.view === view) {
    if (view === 'shelf') now('shelf');
    else $('#yj-ask')?.focus({ preventScroll: true });
    return;
  }
  if (view === 'shelf') read = scrollY;
  body.dataset.view = view;
  scrollTo(0, view === 'shelf' ? 0 : read);
  if (view === 'shelf') now('shelf');
  else $('#yj-ask')?.focus({ preventScroll: true });
};

const box = () => $('#yj-ask');
const fit = () => {
  const field = box();
  if (!field) return;
  field.style.height = 'auto';
  field.style.height = `${Math.min(field.scrollHeight, 160)}px`;
};
const write = (question, replaces = 0) => {
  here.replaces = replaces;
  $('.yj-editing').hidden = !replaces;
  box().value = question;
  fit();
  box().focus();
};
const ask = (question, replaces = 0) => {
  if (!question.trim() || body.dataset.busy) return;
  body.dataset.busy = 'yes';
  show('chat');
  write('');
  send('ask', { question, replaces });
};

// Going elsewhere while an answer grows stops it.
const leave = () => {
  if (body.dataset.busy) now('stop');
  delete body.dataset.busy;
};

const copy = async (text, button) => {
  try {
    await navigator.clipboard.writeText(text);
  } catch { // no clipboard on a page that is neither local nor https
    const area = document.createElement('textarea');
    area.value = text;
    body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  button.dataset.done = 'yes';
  setTimeout(() => delete button.dataset.done, 1500);
};

const sieve = () => Object.fromEntries(new FormData($('.yj-sieve') || undefined));
const listed = () => ({ ...sieve(), page: Number($('.yj-count')?.dataset.page || 0) }); // and its page
// Gradio keeps hold of what it put into an area: it is hidden, never taken out.
const hide = (area) => { for (const one of $$(`#yj-${area} :is(.yj-source, .yj-upload, .yj-toast, .yj-error)`)) one.hidden = true; };
let opener = null;
const closeSource = () => {
  hide('panel');
  opener?.focus({ preventScroll: true });
};
const set = (name, value) => {
  if (value) wishes[name] = value; else delete wishes[name];
  localStorage.setItem('youju', JSON.stringify(wishes));
  paint();
  now('set', { name });
};
const unfold = (details) => {
  const inside = $(':scope > div', details);
  if (!details.open || inside.childElementCount) return;
  const query = new URLSearchParams({
    round: details.dataset.round, talk: here.talk, wishes: JSON.stringify(wishes),
  });
  fetch(`look/${details.dataset.look}?${query}`).then(async (answer) => {
    if (answer.ok) inside.innerHTML = await answer.text();
  });
};

// The language model is tried and chosen by an address of its own: the word on it stays in the dialog.
const model = async (what, told) => {
  const status = $('.yj-model [role=status]');
  status.textContent = '…';
  const query = new URLSearchParams({ wishes: JSON.stringify(wishes) });
  const answer = await fetch(`model/${what}?${query}`, {
    method: 'POST', headers: { 'x-youju': '1' }, body: JSON.stringify(told),
  });
  status.textContent = await answer.text();
  status.dataset.well = answer.status === 200 ? 'yes' : 'no';
};
const modelForm = () => Object.fromEntries(new FormData($('.yj-model')));

const deeds = {
  'try-model': () => model('try', modelForm()),
  'no-model': () => { for (const field of $$('.yj-model input')) field.value = ''; model('use', {}); },
  side: () => body.toggleAttribute('data-side'),
  shelf: () => show(body.dataset.view === 'shelf' ? 'chat' : 'shelf'),
  chat: () => show('chat'),
  settings: () => { choosing = true; $('.yj-settings').showModal(); },
  'close-settings': () => $('.yj-settings').close(),
  'any-date': () => {
    for (const name of ['since', 'until']) { $(`.yj-settings [name=${name}]`).value = ''; set(name, ''); }
  },
  close: closeSource,
  dismiss: () => hide('jobs'),
  copy: (button) => copy(button.dataset.copy, button),
  link: (button) => copy(new URL(`?c=${button.dataset.talk}`, document.baseURI).href, button),
  edit: ({ dataset }) => write(dataset.question, Number(dataset.round || 0)),
  unedit: () => write(''),
  retry: ({ dataset }) => ask(dataset.question, Number(dataset.round)),
  ask: ({ dataset }) => ask(dataset.question),
  stop: () => { delete body.dataset.busy; now('stop'); },
  new: () => { leave(); setTalk(''); body.removeAttribute('data-side'); show('chat'); now('new'); },
  reopen: ({ dataset }) => {
    leave();
    setTalk(dataset.talk);
    body.removeAttribute('data-side');
    show('chat');
    now('reopen');
  },
  earlier: () => now('reopen', { whole: 1 }),
  forget: ({ dataset }) => now('forget', { which: dataset.talk }),
  'bring-back': ({ dataset }) => now('bring-back', { which: dataset.which }),
  open: (button) => { opener = button; now('open', { ...button.dataset }); },
  page: ({ dataset }) => { $('.yj-sieve').scrollIntoView(); now('list', { ...sieve(), page: Number(dataset.page) }); },
  remove: ({ dataset }) => now('remove', { source: dataset.source, sieve: listed() }),
  'put-back': ({ dataset }) => now('put-back', { source: dataset.source, sieve: listed() }),
  'cancel-adding': ({ dataset }) => now('cancel-adding', { job: Number(dataset.job) }),
  'cancel-sending': () => sending.forEach((one) => one.abort()),
  rate: (button) => {
    const on = button.getAttribute('aria-pressed') !== 'true';
    const acts = button.closest('.yj-acts');
    for (const one of $$('[data-do=rate]', acts)) one.setAttribute('aria-pressed', String(on && one === button));
    const remark = $('.yj-remark', acts);
    remark.hidden = !(on && button.dataset.rating === 'bad');
    if (!remark.hidden) $('input', remark).focus();
    now('rate', { round: Number(button.dataset.round), rating: on ? button.dataset.rating : '' });
  },
};

document.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-do]');
  for (const menu of $$('.yj-menu[open]')) if (!menu.contains(event.target) || button) menu.open = false;
  if (button) deeds[button.dataset.do]?.(button);
});
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (!form.dataset.submit) return;
  event.preventDefault();
  const told = Object.fromEntries(new FormData(form));
  if (form.dataset.submit === 'ask') ask(told.question, here.replaces);
  if (form.dataset.submit === 'rename') { form.closest('details').open = false; now('rename', { which: form.dataset.talk, ...told }); }
  if (form.dataset.submit === 'remark') { form.hidden = true; now('rate', { round: Number(form.dataset.round), rating: 'bad', ...told }); }
  if (form.dataset.submit === 'make') { here.talk = ''; now('make', told); }
  if (form.dataset.submit === 'list') now('list', told);
  if (form.dataset.submit === 'model') model('use', told);
});
document.addEventListener('change', (event) => {
  const { change, files } = event.target.dataset;
  if (files) { receive(Array.from(event.target.files)); event.target.value = ''; }
  if (change === 'set') set(event.target.name, event.target.value);
  if (change === 'list') now('list', sieve());
  if (change === 'choose') { leave(); setTalk(''); here.library = event.target.value; now('choose', { value: event.target.value }); }
});
let choosing = false; // the settings are open, even if they have just been made anew
document.addEventListener('close', (event) => { if (event.target.open === false) choosing = false; }, true);
let typing = 0;
document.addEventListener('input', (event) => {
  if (event.target === box()) fit();
  const { type } = event.target.dataset;
  if (!type) return;
  clearTimeout(typing);
  typing = setTimeout(() => now(type, type === 'find' ? { words: event.target.value } : sieve()), 200);
});
document.addEventListener('toggle', (event) => {
  if (event.target.matches?.('.yj-look')) unfold(event.target);
}, true);
document.addEventListener('keydown', (event) => {
  if (event.target === box() && event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    box().form.requestSubmit();
  }
  if (event.key !== 'Escape') return;
  const menu = $('.yj-menu[open]');
  if (menu) { menu.open = false; $('summary', menu).focus(); }
  else if ($('.yj-settings[open]')) return;
  else if ($('.yj-source:not([hidden])')) closeSource();
  else if (body.hasAttribute('data-side')) body.removeAttribute('data-side');
  else if (body.dataset.busy) deeds.stop();
});

// The quote behind a marker, shown while it is pointed at or has the focus.
const tip = document.createElement('div');
tip.className = 'yj-tip';
tip.setAttribute('role', 'tooltip');
tip.hidden = true;
body.append(tip);
const point = (event) => {
  const at = event.target.closest?.('[data-tip]');
  tip.hidden = !at;
  if (!at) return;
  tip.replaceChildren(...[at.dataset.tipTitle, at.dataset.tip].filter(Boolean).map((words, i, all) => {
    const line = document.createElement(all.length > 1 && i === 0 ? 'strong' : 'p');
    line.dir = 'auto';
    line.textContent = words;
    return line;
  }));
  const { left, top, bottom } = at.getBoundingClientRect();
  const { width, height } = tip.getBoundingClientRect();
  tip.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
  tip.style.top = `${top > height + 16 ? top - height - 8 : bottom + 8}px`;
};
document.addEventListener('mouseover', point);
// What scrolling hid comes back when the pointer moves on where it stood.
document.addEventListener('mousemove', (event) => { if (tip.hidden) point(event); });
document.addEventListener('focusin', point);
document.addEventListener('scroll', () => { tip.hidden = true; }, true);

// A screen reader is told the answer when it is whole: what Gradio puts in anew it would pass over.
const told = document.createElement('p');
told.className = 'yj-hidden';
told.setAttribute('role', 'status');
body.append(told);

// Files: each is sent by itself, with its progress; then the whole batch is added.
let sending = [];
const receive = (files) => {
  const drop = $('.yj-drop');
  const list = $('.yj-sending');
  if (!files.length || !drop) return;
  const batch = Array.from(crypto.getRandomValues(new Uint8Array(12)), (n) => n.toString(16).padStart(2, '0')).join('');
  const cancel = document.createElement('button');
  Object.assign(cancel, { type: 'button', textContent: drop.dataset.cancel });
  cancel.dataset.do = 'cancel-sending';
  list.replaceChildren(cancel);
  const one = (file) => new Promise((done) => {
    const row = document.createElement('li');
    const name = Object.assign(document.createElement('bdi'), { textContent: file.name });
    const bar = Object.assign(document.createElement('progress'), { max: file.size || 1, value: 0 });
    bar.setAttribute('aria-label', file.name);
    row.append(name, bar);
    list.append(row);
    const request = new XMLHttpRequest();
    sending.push(request);
    request.upload.addEventListener('progress', (event) => { bar.value = event.loaded; });
    request.addEventListener('loadend', () => {
      if (request.status !== 204) {
        bar.replaceWith(Object.assign(document.createElement('span'), {
          className: 'yj-outcome yj-failed', textContent: request.status === 413 ? drop.dataset.large : drop.dataset.failed,
        }));
        row.dataset.failed = 'yes';
      } else row.remove();
      done();
    });
    request.open('PUT', `files?${new URLSearchParams({ library: here.library, batch, name: file.name })}`);
    request.setRequestHeader('x-youju', '1');
    request.send(file);
  });
  (async () => {
    sending = [];
    for (let first = 0; first < files.length; first += 4) await Promise.all(files.slice(first, first + 4).map(one));
    cancel.remove();
    send('stock', { batch });
  })();
};
const walk = async (entry) => {
  if (entry.isFile) return new Promise((done) => entry.file((f) => done([f]), () => done([])));
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((done) => reader.readEntries(done, () => done([])));
    if (!some.length) break;
    for (const inner of some) if (!inner.name.startsWith('.')) found.push(...await walk(inner));
  }
  return found;
};
for (const name of ['dragover', 'dragleave', 'drop']) document.addEventListener(name, async (event) => {
  if (!event.dataTransfer?.types.includes('Files')) return;
  event.preventDefault();
  body.toggleAttribute('data-dragging', name === 'dragover');
  if (name === 'dragover' && body.dataset.view !== 'shelf') show('shelf');
  if (name !== 'drop') return;
  const files = Array.from(event.dataTransfer.files);
  const entries = Array.from(event.dataTransfer.items, (item) => item.webkitGetAsEntry()).filter(Boolean);
  receive(entries.length === 0 ? files : (await Promise.all(entries.map(walk))).flat());
});

// What the server sent has come into the page.
const seen = { talk: '', library: '' };
let rounds = 0;
let source = '';
let suggested = '';
let fading = 0;
const arrived = () => {
  const brand = $('.yj-brand');
  if (brand) {
    const tongue = brand.dataset.language === 'zh' ? 'zh-CN' : 'en';
    if (document.documentElement.lang !== tongue) document.documentElement.lang = tongue;
    if (brand.dataset.library !== seen.library) here.library = seen.library = brand.dataset.library;
  }
  const last = $('#yj-now .yj-round');
  const growing = last?.hasAttribute('aria-busy');
  // What stands on the page may be older than what was chosen last: only what is new in it counts.
  if ((last?.dataset.talk ?? '') !== seen.talk) {
    seen.talk = last?.dataset.talk ?? '';
    if (seen.talk) setTalk(seen.talk);
  }
  if (last && !growing) delete body.dataset.busy;
  const which = last && !growing ? `${last.dataset.talk}/${last.dataset.round}` : '';
  if (which && which !== suggested) {
    now('tips');
    told.textContent = $$('.yj-said, .yj-refusal, .yj-background h3, .yj-error', last).map((p) => p.textContent).join(' ').slice(0, 600);
  }
  suggested = which;
  const wanted = $('[data-tips=wanted]');
  if (wanted) { delete wanted.dataset.tips; now('tips'); }
  const follow = $('[data-follow]'); // files are still being added that this window does not watch
  if (follow) { delete follow.dataset.follow; send('stock', {}); }
  const settings = $('.yj-settings');
  if (choosing && settings && !settings.open) settings.showModal();
  const many = $$('.yj-round').length;
  if (many > rounds && last) last.scrollIntoView({ block: 'start', behavior: 'smooth' });
  rounds = many;

  const panel = $('.yj-source');
  if (panel && panel.dataset.opened !== source) {
    const sheet = $('.yj-sheet', panel);
    const marks = $$('mark', sheet);
    sheet.scrollTop = 0;
    if (marks.length) {
      const shown = sheet.getBoundingClientRect();
      const top = marks[0].getBoundingClientRect().top - shown.top;
      const bottom = marks[marks.length - 1].getBoundingClientRect().bottom - shown.top;
      if (bottom > shown.height - 16) sheet.scrollTop = top - shown.height / 6;
    }
    $('h2', sheet)?.focus({ preventScroll: true });
  }
  source = panel?.dataset.opened ?? '';

  const toast = $('#yj-toast :is(.yj-toast, .yj-error)');
  if (toast && !toast.dataset.seen) {
    toast.dataset.seen = 'yes';
    clearTimeout(fading);
    fading = setTimeout(() => hide('toast'), $('button', toast) ? 12000 : 4000);
  }
};
let due = false;
new MutationObserver(() => {
  if (due) return;
  due = true;
  queueMicrotask(() => { due = false; arrived(); });
}).observe($('.gradio-container') || body, { childList: true, subtree: true });

body.dataset.view = 'chat';
now('start');
