import test from 'ava';
import { MemoryBackend } from '../../src/backends/memory/memory-backend.ts';
import { backendContract } from '../contract/backend-contract.ts';

backendContract(test, 'memory', async (_t, family) => new MemoryBackend(family), 300);
