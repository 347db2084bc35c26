// What the server sent has come into the page.
const seen = { library: '' };
let rounds = 0;
let begun = false;
let source = '';
let suggested = '';
let fading = 0;
const arrived = () => {
  if (!begun && box()) { // a question that was not sent before the page was loaded again
    begun = true;
    const unsent = sessionStorage.getItem('youju');
    sessionStorage.removeItem('youju');
    if (unsent) write(unsent);
  }
  const brand = $('.yj-brand');
  if (brand) {
    const tongue = brand.dataset.language === 'zh' ? 'zh-CN' : 'en';
    if (document.documentElement.lang !== tongue) document.documentElement.lang = tongue;
    if (brand.dataset.library !== seen.library) here.library = seen.library = brand.dataset.library;
  }
  const last = $('#yj-now .yj-round');
  const growing = last?.hasAttribute('aria-busy');
  const talk = last?.dataset.talk ?? '';
  if (talk === here.talk) here.turning = false;
  else if (talk && body.dataset.busy) setTalk(talk); // a conversation has begun
  else if (talk && !here.turning) turn(here.talk ? 'reopen' : 'new', here.talk); // late, from the one before
  else if (!talk && here.talk && !here.turning && $('.yj-welcome')) setTalk(''); // it was deleted
  if (last && last.dataset.round !== here.before) here.asked = '';
  if (last && !growing && !here.asked) delete body.dataset.busy;
  if (growing && talk === here.talk && !body.dataset.busy) { // it is being answered, but not for this window
    body.dataset.busy = 'yes';
    send('ask', { follow: 1 });
  }
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

  const answer = $('[data-asked]');
  if (answer) { // a list
    const asked = Number(answer.dataset.asked);
    delete answer.dataset.asked;
    if (asked < list.shown) narrow(list.page); // of an earlier asking, and later than that of the last
    list.shown = Math.max(list.shown, asked);
  }

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
