#include <gtest/gtest.h>

#include <map>

#include "core/first_host.h"
#include "testing/kind_of.h"
#include "understudy/ranks.h"

namespace understudy {
namespace {

using Variables = std::map<std::string, std::string>;

std::optional<Rendezvous> found(const Variables& variables) {
  return rendezvous_from_environment([&](const char* name) {
    const auto it = variables.find(name);
    return it == variables.end() ? nullptr : it->second.c_str();
  });
}

std::string message_of(const Variables& variables) {
  try {
    found(variables);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    return error.what();
  }
  return "";
}

void expect(const std::optional<Rendezvous>& found, int rank, int size, const std::string& host, int port) {
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->rank, rank);
  EXPECT_EQ(found->size, size);
  EXPECT_EQ(found->host, host);
  EXPECT_EQ(found->port, port);
}

TEST(Rendezvous, NothingOrOneProcessIsNone) {
  EXPECT_FALSE(found({}));
  EXPECT_FALSE(found({{"PATH", "/bin"}, {"RANK", ""}}));
  EXPECT_FALSE(found({{"RANK", "0"}, {"WORLD_SIZE", "1"}}));
  EXPECT_FALSE(found({{"OMPI_COMM_WORLD_RANK", "0"}, {"OMPI_COMM_WORLD_SIZE", "1"}}));
}

TEST(Rendezvous, Torchrun) {
  const Variables all = {{"RANK", "2"}, {"WORLD_SIZE", "4"}, {"MASTER_ADDR", "node7"}, {"MASTER_PORT", "1234"},
                         {"GLOO_SOCKET_IFNAME", "ib0"}};
  expect(found(all), 2, 4, "node7", 1234);
  EXPECT_EQ(found(all)->interface, "ib0");
  expect(found({{"RANK", "0"}, {"WORLD_SIZE", "2"}, {"MASTER_ADDR", "node7"}}), 0, 2, "node7", 29500);
}

TEST(Rendezvous, TorchrunsSettingGoesFirst) {
  EXPECT_FALSE(found({{"RANK", "0"}, {"WORLD_SIZE", "1"}, {"SLURM_STEP_ID", "0"}, {"SLURM_PROCID", "1"}, {"SLURM_NTASKS", "4"}}));
}

TEST(Rendezvous, OpenMpiOnOneMachine) {
  expect(found({{"OMPI_COMM_WORLD_RANK", "1"}, {"OMPI_COMM_WORLD_SIZE", "2"}, {"OMPI_COMM_WORLD_LOCAL_SIZE", "2"}}), 1, 2,
         "127.0.0.1", 29500);
}

TEST(Rendezvous, OpenMpiOnSeveralMachinesNeedsAnAddress) {
  Variables variables = {{"OMPI_COMM_WORLD_RANK", "1"}, {"OMPI_COMM_WORLD_SIZE", "4"}, {"OMPI_COMM_WORLD_LOCAL_SIZE", "2"}};
  EXPECT_NE(message_of(variables).find("export MASTER_ADDR"), std::string::npos);
  variables["MASTER_ADDR"] = "10.0.0.5";
  expect(found(variables), 1, 4, "10.0.0.5", 29500);
}

TEST(Rendezvous, Hydra) {
  expect(found({{"PMI_RANK", "1"}, {"PMI_SIZE", "2"}, {"MPI_LOCALNRANKS", "2"}}), 1, 2, "127.0.0.1", 29500);
  EXPECT_NE(message_of({{"PMI_RANK", "1"}, {"PMI_SIZE", "2"}}).find("PMI_SIZE is 2"), std::string::npos);
}

Variables slurm() {
  return {{"SLURM_JOB_ID", "123456"}, {"SLURM_STEP_ID", "0"}, {"SLURM_PROCID", "3"}, {"SLURM_NTASKS", "9"},
          {"SLURM_STEP_NUM_TASKS", "8"}, {"SLURM_STEP_NUM_NODES", "2"}, {"SLURM_STEP_NODELIST", "gpu[03-04]"}};
}

TEST(Rendezvous, SlurmStep) {
  expect(found(slurm()), 3, 8, "gpu03", 15000 + 123456 % 20000);
  Variables one_machine = slurm();
  one_machine["SLURM_STEP_NUM_NODES"] = "1";
  EXPECT_EQ(found(one_machine)->host, "127.0.0.1");
  Variables old = slurm();
  old.erase("SLURM_STEP_NUM_TASKS");
  EXPECT_EQ(found(old)->size, 9);
  Variables named = slurm();
  named["MASTER_PORT"] = "7";
  EXPECT_EQ(found(named)->port, 7);
}

// srun --mpi=pmi2 sets both; rank 0's machine comes from Slurm.
TEST(Rendezvous, HydrasNamesInASlurmStep) {
  Variables both = slurm();
  both["PMI_RANK"] = "3";
  both["PMI_SIZE"] = "8";
  expect(found(both), 3, 8, "gpu03", 15000 + 123456 % 20000);
}

TEST(Rendezvous, ABatchScriptIsAlone) {
  Variables batch = slurm();
  batch["SLURM_PROCID"] = "0";
  batch.erase("SLURM_STEP_ID");
  EXPECT_FALSE(found(batch));
  for (const char* special : {"4294967291", "4294967290"}) {  // the batch script's own step, an interactive one
    batch["SLURM_STEP_ID"] = special;
    EXPECT_FALSE(found(batch));
  }
}

TEST(Rendezvous, WrongValuesAreNamed) {
  const Variables good = {{"RANK", "0"}, {"WORLD_SIZE", "2"}, {"MASTER_ADDR", "node7"}, {"MASTER_PORT", "1234"}};
  for (const auto& [name, value] : Variables{{"RANK", "2"}, {"WORLD_SIZE", "two"}, {"MASTER_PORT", "70000"}}) {
    Variables wrong = good;
    wrong[name] = value;
    const std::string message = message_of(wrong);
    EXPECT_NE(message.find(name + " is '" + value + "'"), std::string::npos) << message;
    EXPECT_NE(message.find("a whole number from"), std::string::npos) << message;
  }
  EXPECT_NE(message_of({{"RANK", "0"}}).find("RANK is set without WORLD_SIZE"), std::string::npos);
  EXPECT_NE(message_of({{"WORLD_SIZE", "2"}}).find("WORLD_SIZE is set without RANK"), std::string::npos);
  EXPECT_NE(message_of({{"RANK", "0"}, {"WORLD_SIZE", "2"}}).find("MASTER_ADDR"), std::string::npos);
}

TEST(FirstHost, OfSlurmsLists) {
  EXPECT_EQ(first_host("node7"), "node7");
  EXPECT_EQ(first_host("a1,b2"), "a1");
  EXPECT_EQ(first_host("gpu[03-07,12],login1"), "gpu03");
  EXPECT_EQ(first_host("gpu[3,5]"), "gpu3");
  EXPECT_EQ(first_host("rack[1-2]node[08-09]-ib"), "rack1node08-ib");
  for (const char* wrong : {"", ",a", "gpu[3"}) {
    EXPECT_EQ(kind_of([&] { first_host(wrong); }), ErrorKind::usage) << wrong;
  }
}

}  // namespace
}  // namespace understudy
