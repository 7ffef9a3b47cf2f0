// checker/machine/x86_64.S: switching contexts, and the entries of the hooks.
#if defined(__x86_64__)
    .text

// void lockstep_switch(Context* from, const Context* to, uintptr_t thread_pointer)
// It leaves by a jump: a return would be predicted to go where the other context came from. Of the floating-point
// environment, which is each thread's own, that of the x87 without its exception flags.
    .globl lockstep_switch
    .hidden lockstep_switch
    .type lockstep_switch, @function
    .balign 16
lockstep_switch:
    popq %rax
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    pushq %rax
    subq $8, %rsp
    stmxcsr (%rsp)
    fnstcw 4(%rsp)
    movq %rsp, (%rdi)
    movq (%rsi), %rsp
    wrfsbase %rdx
    ldmxcsr (%rsp)
    fldcw 4(%rsp)
    addq $8, %rsp
    popq %rax
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    jmp *%rax
    .size lockstep_switch, .-lockstep_switch

    .globl lockstep_thread_pointer
    .hidden lockstep_thread_pointer
    .type lockstep_thread_pointer, @function
lockstep_thread_pointer:
    rdfsbase %rax
    ret
    .size lockstep_thread_pointer, .-lockstep_thread_pointer

// void lockstep_sleep_for_ever(): without a look at the thread-locals, which are another's by then.
    .globl lockstep_sleep_for_ever
    .hidden lockstep_sleep_for_ever
    .type lockstep_sleep_for_ever, @function
lockstep_sleep_for_ever:
    movl $34, %eax  // pause
    syscall
    jmp lockstep_sleep_for_ever
    .size lockstep_sleep_for_ever, .-lockstep_sleep_for_ever

// Where a new context begins: r12 is what to call, r13 its argument. The undefined return address ends
// every unwinding.
    .globl lockstep_context_start
    .hidden lockstep_context_start
    .type lockstep_context_start, @function
lockstep_context_start:
    .cfi_startproc
    .cfi_undefined rip
    xorl %ebp, %ebp
    movq %r13, %rdi
    callq *%r12
    ud2
    .cfi_endproc
    .size lockstep_context_start, .-lockstep_context_start

// The entries of hooks. On a thread that is not modelled they go on in the body, lockstep_<name>. Else
// they note where they were called from and call the body on the stack for hooks.
    .section lockstep_hooks, "ax", @progbits

    .macro begin_entry name
    .globl __tsan_\name
    .type __tsan_\name, @function
    .balign 16
__tsan_\name:
    .cfi_startproc
    movq %fs:lockstep_current@tpoff, %r11
    testq %r11, %r11
    jz lockstep_\name
    movq (%rsp), %r10
    movq %r10, 56(%r11)
    leaq 8(%rsp), %r10
    movq %r10, 48(%r11)
    .endm

    .macro note_registers
    movq %rbx, 0(%r11)
    movq %rbp, 8(%r11)
    movq %r12, 16(%r11)
    movq %r13, 24(%r11)
    movq %r14, 32(%r11)
    movq %r15, 40(%r11)
    .endm

    .macro call_body name
    pushq %rbp
    .cfi_def_cfa_offset 16
    .cfi_offset rbp, -16
    movq %rsp, %rbp
    .cfi_def_cfa_register rbp
    movq 64(%r11), %rsp
    .endm

    .macro end_entry name
    call lockstep_\name
    movq %rbp, %rsp
    popq %rbp
    .cfi_def_cfa rsp, 8
    ret
    .cfi_endproc
    .size __tsan_\name, .-__tsan_\name
    .endm

// Its last argument is on the caller's stack.
    .macro read_entry_with_7_arguments name
    begin_entry \name
    note_registers
    call_body \name
    subq $8, %rsp
    pushq 16(%rbp)
    end_entry \name
    .endm

#include "entries.inc"

#endif

    .section .note.GNU-stack, "", %progbits
