import { simulatePackaging } from '@haat/simulators';
import { damageDataOf } from './packaging.data.mjs';
import { damageTrainer } from '@haat/packaging/training';
import { openModel, readMetadata } from '@haat/model-runtime';
import { encodeProducts } from '@haat/packaging/model';
import { damageLogits, sigmoid } from '@haat/packaging/model';
import { damageColumns as dc } from '@haat/packaging/features';
const data = damageDataOf(simulatePackaging({ seed: 1, products: 20000 }));
const bytes = await damageTrainer.fit(data, damageTrainer.definition.options.parse({}), { seed:1, dataset:{digest:'d'.repeat(64),rows:1,asOf:new Date(0).toISOString()}, report(){}, signal:new AbortController().signal });
const m = await openModel(bytes,{encode:encodeProducts});
const facts = data.facts; const all = dc(facts);
const take=(n)=>({rows:n,columns:Object.fromEntries(Object.entries(all.columns).map(([k,c])=>[k,c.slice(0,n)]))});
console.log('bytes', bytes.length);
for (const n of [1,10,100,1000,10000,16384]) { const b=take(n); const reps=Math.max(20,Math.min(3000,200000/n|0)); for(let i=0;i<20;i++) await m.run(b); let t=performance.now(); for(let i=0;i<reps;i++) await m.run(b); const a=(performance.now()-t)/reps; t=performance.now(); for(let i=0;i<reps;i++) sigmoid(damageLogits(m.metadata.context.parameters,b)); const j=(performance.now()-t)/reps; console.log(n, 'onnx',(a*1000).toFixed(0)+'us', (a*1e6/n).toFixed(0)+' ns/row','js',(j*1000).toFixed(0)+'us'); }
const b={rows:16384,columns:take(16384).columns};
