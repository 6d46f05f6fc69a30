// BagOfTricksPatches and its gradient.
#pragma once
#include "max_pool_ops.h"
#include "patches.h"

namespace bag_of_tricks {

REGISTER_OP("BagOfTricksPatches")
    .Input("x: T").Output("columns: Column")
    .Attr("T: {float, bfloat16, half}").Attr("Column: {float, bfloat16, half}")
    .Attr("ksize: list(int)").Attr("strides: list(int)").Attr("pads: list(int) = [0, 0, 0, 0]")
    .SetShapeFn(UnknownShape);

REGISTER_OP("BagOfTricksPatchesGrad")
    .Input("columns: T").Output("dx: T")
    .Attr("T: {float, bfloat16, half}").Attr("input_shape: list(int)")
    .Attr("ksize: list(int)").Attr("strides: list(int)").Attr("pads: list(int) = [0, 0, 0, 0]")
    .SetShapeFn(UnknownShape);

inline TensorShape columns_of(const Pool& filter) {
  return TensorShape({filter.batch * filter.out_height() * filter.out_width(),
                      filter.window_height * filter.window_width * filter.channels});
}

template <class T, class Column>
struct PatchesOp : PoolKernel {
  using PoolKernel::PoolKernel;

  absl::Status run(OpKernelContext* context) override {
    const Tensor& x = context->input(0);
    const auto sizes = x.shape().dim_sizes();
    Pool filter;
    TF_RETURN_IF_ERROR(read_pool("x", {sizes.begin(), sizes.end()}, &filter));
    Tensor* columns;
    TF_RETURN_IF_ERROR(context->allocate_output(0, columns_of(filter), &columns));
    patches(parallel_on(context), filter, read<T>(x), write<Column>(columns));
    return absl::OkStatus();
  }
};

REGISTER_PAIRS("BagOfTricksPatches", "T", "Column", PatchesOp);

template <class T>
struct PatchesGradOp : PoolKernel {
  explicit PatchesGradOp(OpKernelConstruction* context) : PoolKernel(context) {
    read_attribute(context, "input_shape", &input_shape_);
  }

  absl::Status run(OpKernelContext* context) override {
    const Tensor& columns = context->input(0);
    Pool filter;
    TF_RETURN_IF_ERROR(read_pool("input_shape", input_shape_, &filter));
    TF_RETURN_IF_ERROR(expect_shape("columns", columns, columns_of(filter)));
    Tensor* dx;
    TF_RETURN_IF_ERROR(context->allocate_output(0, TensorShape(input_shape_), &dx));
    patches_gradient(parallel_on(context), filter, read<T>(columns), write<T>(dx));
    return absl::OkStatus();
  }

  Numbers input_shape_;
};

REGISTER_PRECISIONS(Name("BagOfTricksPatchesGrad"), "T", PatchesGradOp);

}  // namespace bag_of_tricks
