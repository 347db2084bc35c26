// The page's script: page.js, line.js, files.js, shown.js, in this order as one. It runs once, in
// the area named bus. Gradio gives: element, trigger.
// Buttons say what they do in data-do, forms in data-submit, fields in data-change or data-type.
// What is not done here is sent to the server: 'now' is answered at once, 'ask' and 'stock' go on.
const $ = (query, within = document) => within.querySelector(query);
const $$ = (query, within = document) => Array.from(within.querySelectorAll(query));
const body = document.body;

// What this window knows: its wishes stay in the browser, the conversation in the address.
const wishes = (() => {
  try { return JSON.parse(localStorage.getItem('youju')) || {}; } catch { return {}; }
})();
const random = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (n) => n.toString(16).padStart(2, '0')).join('');
const inAddress = () => new URLSearchParams(location.search).get('c') || '';
const here = { talk: inAddress(), library: '', window: random(), replaces: 0, turning: true, asked: '', replaced: 0, before: '' };

const send = (name, detail) =>
  trigger(name, { wishes, talk: here.talk, library: here.library, window: here.window, ...detail });
const now = (what, detail) => send('now', { do: what, ...detail });

const setTalk = (talk, how = 'replaceState') => {
  if (talk === here.talk) return;
  here.talk = talk;
  const address = new URL(location.href);
  talk ? address.searchParams.set('c', talk) : address.searchParams.delete('c');
  history[how](null, '', address);
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
  Object.assign(here, { asked: question, replaced: replaces, before: $('#yj-now .yj-round')?.dataset.round ?? '' });
  show('chat');
  write('');
  send('ask', { question, replaces });
  if (!broken.hidden) giveBack(); // Gradio does not even try
};

// To another conversation, or to a new one: the one before is answered to its end all the same.
const turn = (what, talk = '', detail = {}) => {
  delete body.dataset.busy;
  setTalk(talk, 'pushState');
  here.turning = true;
  body.removeAttribute('data-side');
  now(what, detail);
};
addEventListener('popstate', () => {
  const talk = inAddress();
  if (talk === here.talk) return;
  here.talk = talk;
  show('chat');
  turn(talk ? 'reopen' : 'new', talk);
});

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
// Each asking has a number: an answer that comes after that of a later one is known by it.
const list = { asked: 0, shown: 0, page: 0 };
const narrow = (page = 0) => { list.page = page; now('list', { ...sieve(), page, asked: ++list.asked }); };
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
  if (name === 'language') delete body.dataset.busy; // all is made anew, and followed anew
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
  'close-settings': () => { choosing = false; $('.yj-settings').close(); },
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
  new: () => { show('chat'); turn('new'); },
  reopen: ({ dataset }) => { show('chat'); turn('reopen', dataset.talk); },
  earlier: () => { delete body.dataset.busy; now('reopen', { whole: 1 }); },
  'more-talks': ({ dataset }) => now('find', { words: dataset.found, limit: Number(dataset.limit) }),
  forget: ({ dataset }) => now('forget', { which: dataset.talk }),
  'bring-back': ({ dataset }) => now('bring-back', { which: dataset.which }),
  open: (button) => { opener = button; now('open', { ...button.dataset }); },
  page: ({ dataset }) => { $('.yj-sieve').scrollIntoView(); narrow(Number(dataset.page)); },
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
  if (form.dataset.submit === 'make') now('make', told);
  if (form.dataset.submit === 'list') narrow();
  if (form.dataset.submit === 'model') model('use', told);
});
document.addEventListener('change', (event) => {
  const { change, files } = event.target.dataset;
  if (files) { receive(Array.from(event.target.files).filter(visible)); event.target.value = ''; }
  if (change === 'set') set(event.target.name, event.target.value);
  if (change === 'list') narrow();
  if (change === 'choose') { here.library = event.target.value; turn('choose', '', { value: event.target.value }); }
});
let choosing = false; // the settings are open, even if they have just been made anew
// "close" comes a little later, and never for a dialog that has been made anew in between.
const chosen = (event) => { if (event.target.matches('.yj-settings')) choosing = false; };
document.addEventListener('cancel', chosen, true);
document.addEventListener('close', chosen, true);
let typing = 0;
document.addEventListener('input', (event) => {
  if (event.target === box()) fit();
  const { type } = event.target.dataset;
  if (!type) return;
  clearTimeout(typing);
  typing = setTimeout(() => (type === 'list' ? narrow() : now(type, { words: event.target.value })), 200);
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
  tip.hidden = true;
  const menu = $('.yj-menu[open]');
  if (menu) { menu.open = false; $('summary', menu).focus(); }
  else if ($('.yj-settings[open]')) return;
  else if (choosing) choosing = false;
  else if ($('.yj-source:not([hidden])')) closeSource();
  else if (body.hasAttribute('data-side')) body.removeAttribute('data-side');
  else if (body.dataset.busy) deeds.stop();
});

// The quote behind a marker, shown while it is pointed at or the keyboard has reached it.
const tip = document.createElement('div');
tip.className = 'yj-tip';
tip.setAttribute('role', 'tooltip');
tip.hidden = true;
body.append(tip);
const quote = (at) => {
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
const reached = () => (document.activeElement?.matches('[data-tip]:focus-visible') ? document.activeElement : null);
const point = (event) => quote(event.target.closest?.('[data-tip]') ?? reached());
document.addEventListener('mouseover', point);
// What scrolling hid comes back when the pointer moves on where it stood.
document.addEventListener('mousemove', (event) => { if (tip.hidden) point(event); });
document.addEventListener('focusin', point);
// A marker that the keyboard has reached is scrolled into sight after it has the focus: its quote
// goes with it.
document.addEventListener('scroll', () => quote(reached()), true);

// A screen reader is told the answer when it is whole: what Gradio puts in anew it would pass over.
const told = document.createElement('p');
told.className = 'yj-hidden';
told.setAttribute('role', 'status');
body.append(told);
