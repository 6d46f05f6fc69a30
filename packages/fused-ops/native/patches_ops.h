// BagOfTricksPatches and its gradient.
#pragma once
#include "max_pool_ops.h"
#include "patches.h"

namespace bag_of_tricks {

REGISTER_OP("BagOfTricksPatches")
    .Input("x: T")
    .Output("columns: Column")
    .Attr("T: {float, bfloat16, half}")
    .Attr("Column: {float, bfloat16, half}")
    .Attr("ksize: list(int)")
    .Attr("strides: list(int)")
    .Attr("pads: list(int) = [0, 0, 0, 0]")
    .SetShapeFn(tensorflow::shape_inference::UnknownShape);

inline TensorShape columns_of(const Pool& filter) {
  return TensorShape({filter.batch * filter.out_height() * filter.out_width(),
                      filter.window_height * filter.window_width * filter.channels});
}

template <class T, class Column>
class PatchesOp : public PoolOp {
 public:
  using PoolOp::PoolOp;

  void Compute(OpKernelContext* context) override {
    const Tensor& x = context->input(0);
    const auto sizes = x.shape().dim_sizes();
    Pool filter;
    OP_REQUIRES_OK(context, read_pool({sizes.begin(), sizes.end()}, ksize_, strides_, pads_, &filter));
    Tensor* columns;
    OP_REQUIRES_OK(context, context->allocate_output(0, columns_of(filter), &columns));
    patches(parallel_on(context), filter, read<T>(x), write<Column>(columns));
  }
};

#define REGISTER_PATCHES(T, TYPE, COLUMN, COLUMN_TYPE)                                                                 \
  REGISTER_KERNEL_BUILDER(                                                                                             \
      Name("BagOfTricksPatches").Device(DEVICE_CPU).TypeConstraint<T>("T").TypeConstraint<COLUMN>("Column"),           \
      PatchesOp<TYPE, COLUMN_TYPE>)

REGISTER_PATCHES(float, float, float, float);
REGISTER_PATCHES(tensorflow::bfloat16, bfloat16, tensorflow::bfloat16, bfloat16);
REGISTER_PATCHES(tensorflow::bfloat16, bfloat16, float, float);
REGISTER_PATCHES(Eigen::half, float16, Eigen::half, float16);
REGISTER_PATCHES(Eigen::half, float16, float, float);

REGISTER_OP("BagOfTricksPatchesGrad")
    .Input("columns: T")
    .Output("dx: T")
    .Attr("T: {float, bfloat16, half}")
    .Attr("ksize: list(int)")
    .Attr("strides: list(int)")
    .Attr("pads: list(int) = [0, 0, 0, 0]")
    .Attr("input_shape: list(int)")
    .SetShapeFn(tensorflow::shape_inference::UnknownShape);

template <class T>
class PatchesGradOp : public PoolOp {
 public:
  explicit PatchesGradOp(OpKernelConstruction* context) : PoolOp(context) {
    OP_REQUIRES_OK(context, context->GetAttr("input_shape", &shape_));
  }

  void Compute(OpKernelContext* context) override {
    const Tensor& columns = context->input(0);
    Pool filter;
    OP_REQUIRES_OK(context, read_pool(shape_, ksize_, strides_, pads_, &filter));
    OP_REQUIRES_OK(context, expect_shape("columns", columns, columns_of(filter)));
    Tensor* dx;
    OP_REQUIRES_OK(context, context->allocate_output(0, TensorShape(shape_), &dx));
    patches_gradient(parallel_on(context), filter, read<T>(columns), write<T>(dx));
  }

 private:
  std::vector<int64_t> shape_;
};

REGISTER_PRECISIONS("BagOfTricksPatchesGrad", "T", PatchesGradOp);

}  // namespace bag_of_tricks
