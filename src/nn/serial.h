// One thread inside, many above.
//
// Networks here are small and their work is cut into shards of fixed size, so the products inside a shard run on one
// thread: that is faster, and OpenBLAS cuts a product differently when threaded, which changes the last bits.
#pragma once

namespace understudy::nn {

// Sets torch (this thread) and OpenBLAS (the process) to one thread. Call it at the start of every worker's task:
// torch's setting belongs to the thread and does not reach OpenBLAS.
void use_one_thread();

}  // namespace understudy::nn
