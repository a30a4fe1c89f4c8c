// The program for the guest, as it is built (harness/witness).
        .section .rodata
        .global skillaudit_witness_begin
        .global skillaudit_witness_end
skillaudit_witness_begin:
        .incbin SKILLAUDIT_WITNESS
skillaudit_witness_end:
        .byte 0
        .section .note.GNU-stack,"",@progbits
