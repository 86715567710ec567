import './style/index.css';
import { render } from 'preact';
import { App } from './parts/app.js';
import { followAddress } from './view/address.js';
import { followServer } from './view/stream.js';
import { followTitle } from './view/title.js';

followAddress();
followTitle();
followServer();
render(<App />, document.body);
