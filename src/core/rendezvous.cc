#include <algorithm>
#include <charconv>
#include <string_view>

#include "core/first_host.h"
#include "understudy/error.h"
#include "understudy/ranks.h"

namespace understudy {
namespace {

constexpr int kPort = 29500;  // torchrun's
// Slurm numbers the steps that srun did not start (batch script, interactive shell) from the top of 32 bits.
constexpr std::int64_t kFirstSpecialStep = 0xfffffff0;

class Environment {
 public:
  explicit Environment(const GetVariable& get) : get_(get) {}

  std::string text(const char* name) const {
    const char* value = get_(name);
    return value == nullptr ? "" : value;
  }
  bool has(const char* name) const { return !text(name).empty(); }

  // -1: not set.
  std::int64_t number(const char* name, std::int64_t least, std::int64_t most) const {
    const std::string value = text(name);
    if (value.empty()) return -1;
    std::int64_t result = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), result);
    if (error == std::errc() && end == value.data() + value.size() && result >= least && result <= most) return result;
    fail(ErrorKind::usage, "the environment's {} is '{}'; it must be a whole number from {} to {}", name, value, least, most);
  }

 private:
  const GetVariable& get_;
};

// How a program that starts processes tells each of them who it is.
struct Names {
  const char* rank;
  const char* size;
  const char* local_size;  // how many are on this machine; nullptr: not told
};
constexpr Names kTorchrun{"RANK", "WORLD_SIZE", "LOCAL_WORLD_SIZE"};
constexpr Names kOpenMpi{"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_LOCAL_SIZE"};
constexpr Names kHydra{"PMI_RANK", "PMI_SIZE", "MPI_LOCALNRANKS"};
constexpr Names kSlurm{"SLURM_PROCID", "SLURM_STEP_NUM_TASKS", nullptr};
constexpr Names kOldSlurm{"SLURM_PROCID", "SLURM_NTASKS", nullptr};

// A batch script sees SLURM_PROCID=0 and SLURM_NTASKS too, but nobody started the other tasks: only a step counts.
bool in_slurm_step(const Environment& environment) {
  const std::int64_t step = environment.number("SLURM_STEP_ID", 0, 0xffffffff);
  return step >= 0 && step < kFirstSpecialStep;
}

const Names* names_in(const Environment& environment) {
  for (const Names* names : {&kTorchrun, &kOpenMpi, &kHydra}) {
    if (environment.has(names->rank) || environment.has(names->size)) return names;
  }
  if (!in_slurm_step(environment)) return nullptr;
  return environment.has(kSlurm.size) ? &kSlurm : &kOldSlurm;
}

// Many jobs share a machine, so each has a port of its own; as is customary, from the job's number.
int default_port(const Environment& environment) {
  const std::int64_t job = environment.number("SLURM_JOB_ID", 0, 0xffffffff);
  return job < 0 ? kPort : 15000 + static_cast<int>(job % 20000);
}

bool all_on_this_machine(const Environment& environment, const Names& names, std::int64_t size) {
  if (names.local_size != nullptr && environment.number(names.local_size, 1, size) == size) return true;
  return in_slurm_step(environment) && environment.number("SLURM_STEP_NUM_NODES", 1, 1 << 20) == 1;
}

std::string host_of(const Environment& environment, const Names& names, std::int64_t size) {
  if (environment.has("MASTER_ADDR")) return environment.text("MASTER_ADDR");
  if (all_on_this_machine(environment, names, size)) return "127.0.0.1";
  if (in_slurm_step(environment)) {
    for (const char* list : {"SLURM_STEP_NODELIST", "SLURM_JOB_NODELIST", "SLURM_NODELIST"}) {
      if (environment.has(list)) return first_host(environment.text(list));
    }
  }
  fail(ErrorKind::usage,
       "{} is {}, and where rank 0 runs is not known: export MASTER_ADDR, the name or address of its machine, to every "
       "process (and MASTER_PORT, a free port there)", names.size, size);
}

}  // namespace

std::optional<Rendezvous> rendezvous_from_environment(const GetVariable& get) {
  const Environment environment(get);
  const Names* names = names_in(environment);
  if (names == nullptr) return std::nullopt;
  const std::int64_t size = environment.number(names->size, 1, 1 << 20);
  if (size < 0) fail(ErrorKind::usage, "{} is set without {}; set both, or neither", names->rank, names->size);
  const std::int64_t rank = environment.number(names->rank, 0, size - 1);
  if (rank < 0) fail(ErrorKind::usage, "{} is set without {}; set both, or neither", names->size, names->rank);
  if (size == 1) return std::nullopt;
  const std::int64_t port = environment.number("MASTER_PORT", 1, 65535);
  return Rendezvous{.rank = static_cast<int>(rank),
                    .size = static_cast<int>(size),
                    .host = host_of(environment, *names, size),
                    .port = port < 0 ? default_port(environment) : static_cast<int>(port),
                    .interface = environment.text("GLOO_SOCKET_IFNAME")};
}

}  // namespace understudy
