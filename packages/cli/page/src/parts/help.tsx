import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from './icons.js';

const keys: readonly (readonly [keys: readonly string[], what: string])[] = [
  [['j', '↓'], 'the next row'],
  [['k', '↑'], 'the row before'],
  [['Enter'], 'open it'],
  [['Esc'], 'close, leave the search, show everything'],
  [['/'], 'search'],
  [['p'], 'hold the list still, or let it move'],
  [['t'], 'the timeline of its contact'],
  [['?'], 'this help'],
];

export function Help({ onClose }: { onClose: () => void }): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc closes a dialog by itself.
    <dialog
      class="help-dialog"
      ref={dialog}
      aria-label="Help"
      onClose={onClose}
      onClick={(event) => event.target === event.currentTarget && event.currentTarget.close()}
    >
      <div>
        <header>
          <h2>Keyboard</h2>
          <button
            type="button"
            class="button close"
            aria-label="Close"
            onClick={() => dialog.current?.close()}
          >
            <Icon name="close" />
          </button>
        </header>
        <dl>
          {keys.map(([names, what]) => (
            <div key={what}>
              <dt>
                {names.map((name) => (
                  <kbd key={name}>{name}</kbd>
                ))}
              </dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
        <p>
          Shift-click a kind to add it to the others. The address of the page keeps filter and selection: copy
          it to come back to what you see.
        </p>
      </div>
    </dialog>
  );
}
