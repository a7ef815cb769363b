// node node.mjs http://HOST:PORT
import WebSocket from 'ws';
import { run } from './scenarios.mjs';

await run(process.argv[2], WebSocket);
process.exit();
