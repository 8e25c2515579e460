import { flushingAfter } from '../aws/emf-metrics.ts';
import { storingPorts } from '../shared/storing-ports.ts';
import { createStore } from './store.ts';

const { placing, logs } = storingPorts('store', process.env);

export const handler = flushingAfter(logs.metrics, createStore(placing));
