// node node.mjs http://HOST:PORT
import WebSocket from 'ws';
import { tell } from './stories.mjs';

await tell(process.argv[2], WebSocket);
process.exit();
