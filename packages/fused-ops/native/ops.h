// What the ops share: checks of what arrives, and TensorFlow's threads.
#pragma once
#include "half.h"
#include "parallel.h"
#include "tensorflow/core/framework/common_shape_fns.h"
#include "tensorflow/core/framework/op.h"
#include "tensorflow/core/framework/op_kernel.h"
#include "tensorflow/core/framework/shape_inference.h"

namespace bag_of_tricks {

using tensorflow::DEVICE_CPU;
using tensorflow::OpInputList;
using tensorflow::OpKernel;
using tensorflow::OpKernelConstruction;
using tensorflow::OpKernelContext;
using tensorflow::Tensor;
using tensorflow::TensorShape;
using tensorflow::shape_inference::InferenceContext;

template <class... Words>
absl::Status InvalidArgument(const Words&... words) {
  return absl::InvalidArgumentError(absl::StrCat(words...));
}

inline Parallel parallel_on(OpKernelContext* context) {
  auto* workers = context->device()->tensorflow_cpu_worker_threads()->workers;
  return {workers->NumThreads(), [workers](int64_t count, const std::function<void(int64_t)>& run) {
            workers->ParallelFor(count, tsl::thread::ThreadPool::SchedulingParams::Fixed(1),
                                 [&run](int64_t begin, int64_t end) {
                                   for (int64_t i = begin; i < end; ++i) run(i);
                                 });
          }};
}

template <class T>
const T* read(const Tensor& tensor) {
  return static_cast<const T*>(tensor.data());
}

template <class T>
T* write(Tensor* tensor) {
  return static_cast<T*>(tensor->data());
}

inline absl::Status expect_shape(const char* name, const Tensor& tensor, const TensorShape& shape) {
  if (tensor.shape() == shape) return absl::OkStatus();
  return InvalidArgument(name, " must have the shape ", shape.DebugString(), ", got ", tensor.shape().DebugString());
}

// Tensors of a list argument, null where the list is shorter.
template <class T>
const T* read(const OpInputList& list, int i) {
  return i < list.size() ? read<T>(list[i]) : nullptr;
}

inline absl::Status expect_list(const char* name, const OpInputList& list, int least, int most, const TensorShape& shape) {
  if (list.size() < least || list.size() > most)
    return InvalidArgument(name, " takes ", least, " or ", most, " tensors, got ", list.size());
  for (const Tensor& tensor : list) TF_RETURN_IF_ERROR(expect_shape(name, tensor, shape));
  return absl::OkStatus();
}

// Registers a kernel for the three precisions.
#define REGISTER_PRECISIONS(NAME, ATTRIBUTE, OP)                                                           \
  REGISTER_KERNEL_BUILDER(Name(NAME).Device(DEVICE_CPU).TypeConstraint<float>(ATTRIBUTE), OP<float>);        \
  REGISTER_KERNEL_BUILDER(Name(NAME).Device(DEVICE_CPU).TypeConstraint<tensorflow::bfloat16>(ATTRIBUTE),     \
                          OP<bfloat16>);                                                                   \
  REGISTER_KERNEL_BUILDER(Name(NAME).Device(DEVICE_CPU).TypeConstraint<Eigen::half>(ATTRIBUTE), OP<float16>)

}  // namespace bag_of_tricks
