// One thread inside, many above.
//
// Networks here are small and their work is cut into shards of fixed size, so the products inside a shard run on one
// thread: that is faster, and a BLAS cuts a product differently when threaded, which changes the last bits.
#pragma once

namespace understudy::nn {

// Sets torch (this thread) and, where torch calls it, OpenBLAS (the process) to one thread. Call it at the start of every
// worker's task: torch's setting belongs to the thread. It reaches MKL, but not OpenBLAS.
void use_one_thread();

}  // namespace understudy::nn
