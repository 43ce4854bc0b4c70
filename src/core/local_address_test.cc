#include "core/local_address.h"

#include <gtest/gtest.h>

namespace understudy {
namespace {

TEST(LocalAddress, TheWayToThisMachineIsItsLoop) {
  EXPECT_EQ(address_towards("127.0.0.1"), "127.0.0.1");
}

TEST(LocalAddress, NoWayIsEmpty) {
  EXPECT_EQ(address_towards("no such machine"), "");
  EXPECT_EQ(address_towards("256.1.1.1"), "");
}

}  // namespace
}  // namespace understudy
