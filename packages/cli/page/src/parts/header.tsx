import type { VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { afterPaint } from '../view/frames.js';
import { connection, filter, hello, hold, isPaused, narrow, rows } from '../view/state.js';
import { ClearButton } from './clear-button.js';
import { CopyButton } from './copy-button.js';
import { Icon, Mark } from './icons.js';

interface HeaderProps {
  onHelp: () => void;
  onFilters: () => void;
}

export function Header({ onHelp, onFilters }: HeaderProps): VNode {
  const apiUrl = hello.value?.apiUrl;
  return (
    <header class="header">
      {rows.value.count > 0 && (
        <button type="button" class="button skip" onClick={() => document.getElementById('list')?.focus()}>
          Skip to the list
        </button>
      )}
      <h1>
        <Mark /> successeve dev
      </h1>
      <State />
      {apiUrl !== undefined && (
        <span class="api-url">
          <code>{apiUrl}</code>
          <CopyButton text={apiUrl} label="Copy the URL of the API" />
        </span>
      )}
      <Search />
      <div class="actions">
        <button type="button" class="button filters" onClick={onFilters}>
          <Icon name="filter" /> <span>Filter</span>
        </button>
        <button
          type="button"
          class="button"
          aria-pressed={isPaused.value}
          onClick={() => hold('paused', !isPaused.value)}
          title={isPaused.value ? 'Let the list move again (p)' : 'Hold the list still (p)'}
        >
          <Icon name={isPaused.value ? 'play' : 'pause'} />
          <span>{isPaused.value ? 'Resume' : 'Pause'}</span>
        </button>
        <ClearButton />
        <button
          type="button"
          class="button help"
          onClick={onHelp}
          title="Keyboard and help (?)"
          aria-label="Help"
        >
          ?
        </button>
      </div>
    </header>
  );
}

function State(): VNode {
  const state = connection.value === 'live' && isPaused.value ? 'paused' : connection.value;
  const words = { connecting: 'Connecting', live: 'Live', paused: 'Paused', lost: 'Not running' }[state];
  return <span class={`state ${state}`}>{words}</span>;
}

function Search(): VNode {
  const input = useRef<HTMLInputElement>(null);
  // The text is shown first, and searched for after that.
  const [typed, setTyped] = useState<string>();
  const search = () => {
    const search = input.current?.value ?? '';
    if (search !== filter.peek().search) narrow({ search });
    setTyped(undefined);
  };
  const type = (text: string) => {
    setTyped(text);
    afterPaint(() => input.current?.value === text && search());
  };
  const text = typed ?? filter.value.search;
  return (
    <search class="search">
      <Icon name="search" />
      <input
        ref={input}
        id="search"
        type="search"
        placeholder="Search names, contacts, URLs, reasons"
        aria-label="Search"
        autocomplete="off"
        spellcheck={false}
        value={text}
        onInput={(event) => type(event.currentTarget.value)}
        onBlur={search}
      />
      {text !== '' && (
        <button
          type="button"
          class="clear-search"
          aria-label="Clear the search"
          title="Clear the search"
          onClick={() => {
            narrow({ search: '' });
            input.current?.focus();
          }}
        >
          <Icon name="close" />
        </button>
      )}
      <span class="key" aria-hidden="true">
        /
      </span>
    </search>
  );
}
