import './style/index.css';
import { render } from 'preact';
import { listen } from './data/stream.js';
import { App } from './parts/app.js';
import { followAddress } from './view/address.js';
import { connection, known, take } from './view/state.js';
import { followTitle } from './view/title.js';

followAddress();
followTitle();
listen({
  message: take,
  state: (state) => {
    connection.value = state;
  },
  known,
});
render(<App />, document.body);
