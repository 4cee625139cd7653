<?php
// What composer would write for escpos-tools: where its classes are, and those of escpos-php, which it needs.
spl_autoload_register(function ($class) {
    foreach (['ReceiptPrintHq\\EscposTools\\' => '/../src/', 'Mike42\\' => '/escpos-php/src/Mike42/'] as $prefix => $folder) {
        if (str_starts_with($class, $prefix)) {
            require __DIR__ . $folder . str_replace('\\', '/', substr($class, strlen($prefix))) . '.php';
        }
    }
});
