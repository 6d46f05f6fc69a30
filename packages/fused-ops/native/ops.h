// What the ops share: how they fail, what they check, and TensorFlow's threads.
#pragma once
#include "half.h"
#include "parallel.h"
#include "tensorflow/core/framework/common_shape_fns.h"
#include "tensorflow/core/framework/op.h"
#include "tensorflow/core/framework/op_kernel.h"

namespace bag_of_tricks {

using tensorflow::DEVICE_CPU;
using tensorflow::OpInputList;
using tensorflow::OpKernelConstruction;
using tensorflow::OpKernelContext;
using tensorflow::Tensor;
using tensorflow::TensorShape;
// Eager execution, the only one tfjs-node has, asks for no shapes beforehand.
using tensorflow::shape_inference::UnknownShape;

// A kernel whose errors begin with the op's name.
struct Kernel : tensorflow::OpKernel {
  using OpKernel::OpKernel;

  void Compute(OpKernelContext* context) final {
    const absl::Status status = run(context);
    if (status.ok()) return;
    context->SetStatus(absl::Status(status.code(), absl::StrCat(type_string(), ": ", status.message())));
  }

  virtual absl::Status run(OpKernelContext* context) = 0;

  template <class Value>
  static void read_attribute(OpKernelConstruction* context, const char* name, Value* value) {
    OP_REQUIRES_OK(context, context->GetAttr(name, value));
  }
};

template <class... Words>
absl::Status refuse(const Words&... words) {
  return absl::InvalidArgumentError(absl::StrCat(words...));
}

inline absl::Status expect_shape(const char* name, const Tensor& tensor, const TensorShape& shape) {
  if (tensor.shape() == shape) return absl::OkStatus();
  return refuse(name, " must have the shape ", shape.DebugString(), ", got ", tensor.shape().DebugString());
}

inline absl::Status expect_list(const char* name, const OpInputList& list, int most, const TensorShape& shape) {
  if (list.size() > most) return refuse(name, " must be at most ", most, " tensors, got ", list.size());
  for (const Tensor& tensor : list) TF_RETURN_IF_ERROR(expect_shape(name, tensor, shape));
  return absl::OkStatus();
}

template <class T>
const T* read(const Tensor& tensor) {
  return static_cast<const T*>(tensor.data());
}

// Null where the list is shorter.
template <class T>
const T* read(const OpInputList& list, int i) {
  return i < list.size() ? read<T>(list[i]) : nullptr;
}

template <class T>
T* write(Tensor* tensor) {
  return static_cast<T*>(tensor->data());
}

inline Parallel parallel_on(OpKernelContext* context) {
  auto* workers = context->device()->tensorflow_cpu_worker_threads()->workers;
  const auto each = [workers](int64_t count, const std::function<void(int64_t)>& run) {
    const auto run_all = [&run](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) run(i);
    };
    workers->ParallelFor(count, tsl::thread::ThreadPool::SchedulingParams::Fixed(1), run_all);
  };
  return {workers->NumThreads(), each};
}

// Registers a kernel for the three precisions.
#define REGISTER_PRECISIONS(OP, ATTRIBUTE, KERNEL)                                                                  \
  REGISTER_KERNEL_BUILDER(OP.Device(DEVICE_CPU).TypeConstraint<float>(ATTRIBUTE), KERNEL<float>);                   \
  REGISTER_KERNEL_BUILDER(OP.Device(DEVICE_CPU).TypeConstraint<tensorflow::bfloat16>(ATTRIBUTE), KERNEL<bfloat16>); \
  REGISTER_KERNEL_BUILDER(OP.Device(DEVICE_CPU).TypeConstraint<Eigen::half>(ATTRIBUTE), KERNEL<float16>)

// Registers a kernel for both types alike, and for half precision beside single.
#define REGISTER_PAIR(NAME, FIRST, SECOND, KERNEL, T, U, ...) \
  REGISTER_KERNEL_BUILDER(Name(NAME).Device(DEVICE_CPU).TypeConstraint<T>(FIRST).TypeConstraint<U>(SECOND), KERNEL<__VA_ARGS__>)
#define REGISTER_PAIRS(NAME, FIRST, SECOND, KERNEL)                                                              \
  REGISTER_PAIR(NAME, FIRST, SECOND, KERNEL, float, float, float, float);                                        \
  REGISTER_PAIR(NAME, FIRST, SECOND, KERNEL, tensorflow::bfloat16, tensorflow::bfloat16, bfloat16, bfloat16);    \
  REGISTER_PAIR(NAME, FIRST, SECOND, KERNEL, tensorflow::bfloat16, float, bfloat16, float);                      \
  REGISTER_PAIR(NAME, FIRST, SECOND, KERNEL, Eigen::half, Eigen::half, float16, float16);                        \
  REGISTER_PAIR(NAME, FIRST, SECOND, KERNEL, Eigen::half, float, float16, float)

}  // namespace bag_of_tricks
