import { createTracker, tracking } from '@successeve/express';
import express from 'express';

const app = express();
app.use(tracking(createTracker(), { identify: (req) => ({ contactUid: req.get('x-user') }) }));
app.get('/onboarding', (_req, res) => res.send('<h1>Welcome</h1>'));
const server = app.listen(0, 'localhost', () => console.log(`http://localhost:${server.address().port}`));
