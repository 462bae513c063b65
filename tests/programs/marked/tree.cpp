/// tree DEPTH: builds a tree and walks over it with functions of every kind that C++ has. Compiled with
/// -finstrument-functions.
#include <cstdio>
#include <cstdlib>
#include <memory>

namespace forest {

struct Node {
  explicit Node(int depth) {
    if (depth == 0) return;
    left = std::make_unique<Node>(depth - 1);
    right = std::make_unique<Node>(depth - 1);
  }
  ~Node();
  std::unique_ptr<Node> left, right;
};

Node::~Node() = default;

template <class Visit>
void walk(const Node* node, Visit visit) {
  if (node == nullptr) return;
  visit(*node);
  walk(node->left.get(), visit);
  walk(node->right.get(), visit);
}

namespace {
long counted = 0;
void count(const Node&) {
  ++counted;
}
}  // namespace

}  // namespace forest

int main(int argc, char** argv) {
  const forest::Node root(argc > 1 ? std::atoi(argv[1]) : 1);
  forest::walk(&root, forest::count);
  forest::walk(&root, [](const forest::Node& node) { forest::count(node); });
  std::printf("%ld\n", forest::counted);
}
