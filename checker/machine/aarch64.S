// checker/machine/aarch64.S: switching contexts, and the entries of the hooks.
#if defined(__aarch64__)
    .text

// void lockstep_switch(Context* from, const Context* to, uintptr_t thread_pointer)
    .globl lockstep_switch
    .hidden lockstep_switch
    .type lockstep_switch, %function
    .balign 16
lockstep_switch:
    sub sp, sp, #176
    stp x19, x20, [sp, #0]
    stp x21, x22, [sp, #16]
    stp x23, x24, [sp, #32]
    stp x25, x26, [sp, #48]
    stp x27, x28, [sp, #64]
    stp x29, x30, [sp, #80]
    stp d8, d9, [sp, #96]
    stp d10, d11, [sp, #112]
    stp d12, d13, [sp, #128]
    stp d14, d15, [sp, #144]
    mrs x9, fpcr
    mrs x10, fpsr
    stp x9, x10, [sp, #160]
    mov x9, sp
    str x9, [x0]
    ldr x9, [x1]
    mov sp, x9
    msr tpidr_el0, x2
    ldp x19, x20, [sp, #0]
    ldp x21, x22, [sp, #16]
    ldp x23, x24, [sp, #32]
    ldp x25, x26, [sp, #48]
    ldp x27, x28, [sp, #64]
    ldp x29, x30, [sp, #80]
    ldp d8, d9, [sp, #96]
    ldp d10, d11, [sp, #112]
    ldp d12, d13, [sp, #128]
    ldp d14, d15, [sp, #144]
    ldp x9, x10, [sp, #160]
    msr fpcr, x9
    msr fpsr, x10
    add sp, sp, #176
    br x30
    .size lockstep_switch, .-lockstep_switch

    .globl lockstep_thread_pointer
    .hidden lockstep_thread_pointer
    .type lockstep_thread_pointer, %function
lockstep_thread_pointer:
    mrs x0, tpidr_el0
    ret
    .size lockstep_thread_pointer, .-lockstep_thread_pointer

// void lockstep_sleep_for_ever(): without a look at the thread-locals, which are another's by then.
    .globl lockstep_sleep_for_ever
    .hidden lockstep_sleep_for_ever
    .type lockstep_sleep_for_ever, %function
lockstep_sleep_for_ever:
    mov x0, xzr
    mov x1, xzr
    mov x2, xzr
    mov x3, xzr
    mov x4, xzr
    mov x8, #73  // ppoll of nothing, without end
    svc #0
    b lockstep_sleep_for_ever
    .size lockstep_sleep_for_ever, .-lockstep_sleep_for_ever

// Where a new context begins: x19 is what to call, x20 its argument. The undefined return address ends
// every unwinding.
    .globl lockstep_context_start
    .hidden lockstep_context_start
    .type lockstep_context_start, %function
lockstep_context_start:
    .cfi_startproc
    .cfi_undefined x30
    mov x29, xzr
    mov x0, x20
    blr x19
    brk #1
    .cfi_endproc
    .size lockstep_context_start, .-lockstep_context_start

// The entries of hooks. On a thread that is not modelled they go on in the body, lockstep_<name>. Else
// they note where they were called from and call the body on the stack for hooks.
    .section lockstep_hooks, "ax", %progbits

    .macro begin_entry name
    .globl __tsan_\name
    .type __tsan_\name, %function
    .balign 16
__tsan_\name:
    .cfi_startproc
    mrs x16, tpidr_el0
    add x16, x16, :tprel_hi12:lockstep_current
    add x16, x16, :tprel_lo12_nc:lockstep_current
    ldr x16, [x16]
    cbnz x16, 1f
    b lockstep_\name
1:  mov x17, sp
    stp x17, x30, [x16, #152]
    .endm

    .macro note_registers
    stp x19, x20, [x16, #0]
    stp x21, x22, [x16, #16]
    stp x23, x24, [x16, #32]
    stp x25, x26, [x16, #48]
    stp x27, x28, [x16, #64]
    str x29, [x16, #80]
    stp d8, d9, [x16, #88]
    stp d10, d11, [x16, #104]
    stp d12, d13, [x16, #120]
    stp d14, d15, [x16, #136]
    .endm

    .macro call_body name
    stp x29, x30, [sp, #-16]!
    .cfi_def_cfa_offset 16
    .cfi_offset x29, -16
    .cfi_offset x30, -8
    mov x29, sp
    .cfi_def_cfa_register x29
    ldr x17, [x16, #168]
    mov sp, x17
    .endm

    .macro end_entry name
    bl lockstep_\name
    mov sp, x29
    ldp x29, x30, [sp], #16
    .cfi_restore x29
    .cfi_restore x30
    .cfi_def_cfa sp, 0
    ret
    .cfi_endproc
    .size __tsan_\name, .-__tsan_\name
    .endm

// Here all 7 are in registers.
    .macro read_entry_with_7_arguments name
    read_entry \name
    .endm

#include "entries.inc"

#endif

    .section .note.GNU-stack, "", %progbits
