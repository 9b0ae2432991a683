"""Names that are PHP's own."""

from __future__ import annotations

BUILTINS = frozenset(
    """
    Exception ErrorException Error TypeError ValueError ArithmeticError DivisionByZeroError ArgumentCountError
    ParseError UnhandledMatchError JsonException LogicException BadFunctionCallException BadMethodCallException
    DomainException InvalidArgumentException LengthException OutOfRangeException RuntimeException OutOfBoundsException
    OverflowException RangeException UnderflowException UnexpectedValueException Throwable Stringable Traversable
    Iterator IteratorAggregate ArrayAccess Countable Serializable JsonSerializable UnitEnum BackedEnum
    ArrayIterator ArrayObject AppendIterator CachingIterator CallbackFilterIterator DirectoryIterator
    FilesystemIterator FilterIterator Generator GlobIterator InfiniteIterator IteratorIterator LimitIterator
    MultipleIterator NoRewindIterator RecursiveArrayIterator RecursiveDirectoryIterator RecursiveIterator
    RecursiveIteratorIterator RegexIterator OuterIterator SeekableIterator SplDoublyLinkedList SplFileInfo
    SplFileObject SplFixedArray SplHeap SplMaxHeap SplMinHeap SplObjectStorage SplPriorityQueue SplQueue SplStack
    SplObserver SplSubject SplTempFileObject
    Closure WeakMap WeakReference stdClass DateTime DateTimeImmutable DateTimeInterface DateInterval DatePeriod
    DateTimeZone PDO PDOException PDOStatement DOMDocument DOMElement DOMNode DOMNodeList DOMXPath SimpleXMLElement
    ReflectionClass ReflectionEnum ReflectionException ReflectionFunction ReflectionMethod ReflectionNamedType
    ReflectionObject ReflectionParameter ReflectionProperty ReflectionType ReflectionUnionType Reflector
    Attribute ReturnTypeWillChange AllowDynamicProperties SensitiveParameter Override SoapClient XMLReader XMLWriter
    ZipArchive Collator NumberFormatter IntlDateFormatter Normalizer Fiber Random mysqli Redis Memcached
    array_change_key_case array_chunk array_column array_combine array_count_values array_diff array_diff_assoc
    array_diff_key array_diff_ukey array_fill array_fill_keys array_filter array_flip array_intersect
    array_intersect_key array_is_list array_key_exists array_key_first array_key_last array_keys array_map array_merge
    array_merge_recursive array_multisort array_pad array_pop array_product array_push array_rand array_reduce
    array_replace array_replace_recursive array_reverse array_search array_shift array_slice array_splice array_sum
    array_unique array_unshift array_values array_walk array_walk_recursive arsort asort compact count current end
    extract in_array key key_exists krsort ksort list natcasesort natsort next prev range reset rsort shuffle sizeof
    sort uasort uksort usort each
    addcslashes addslashes bin2hex chop chr chunk_split crc32 explode fprintf hex2bin html_entity_decode htmlentities
    htmlspecialchars htmlspecialchars_decode implode join lcfirst levenshtein localeconv ltrim md5 md5_file nl2br
    number_format ord parse_str print printf quotemeta rtrim setlocale sha1 similar_text soundex sprintf sscanf
    str_contains str_ends_with str_ireplace str_pad str_repeat str_replace str_rot13 str_split str_starts_with
    str_word_count strcasecmp strcmp strcoll strcspn strip_tags stripcslashes stripos stripslashes stristr strlen
    strnatcasecmp strnatcmp strncasecmp strncmp strpbrk strpos strrchr strrev strripos strrpos strspn strstr strtok
    strtolower strtoupper strtr substr substr_compare substr_count substr_replace trim ucfirst ucwords vfprintf
    vprintf vsprintf wordwrap mb_strlen mb_substr mb_strpos mb_strtolower mb_strtoupper mb_strwidth mb_str_split
    mb_convert_encoding mb_convert_case mb_detect_encoding mb_internal_encoding mb_check_encoding mb_strimwidth
    mb_substr_count mb_strrpos iconv iconv_strlen ctype_alnum ctype_alpha ctype_digit ctype_lower ctype_space
    ctype_upper ctype_xdigit preg_grep preg_last_error preg_last_error_msg preg_match preg_match_all preg_quote
    preg_replace preg_replace_callback preg_split
    boolval debug_zval_refcount doubleval empty floatval get_debug_type get_resource_type gettype intval is_array
    is_bool is_callable is_countable is_float is_int is_integer is_iterable is_long is_null is_numeric is_object
    is_resource is_scalar is_string isset print_r serialize settype strval unserialize unset var_dump var_export
    abs ceil floor fmod intdiv is_finite is_infinite is_nan log log10 log2 max min pi pow round sqrt exp sin cos tan
    mt_rand mt_srand rand random_bytes random_int srand base_convert bindec decbin dechex decoct hexdec octdec
    call_user_func call_user_func_array forward_static_call func_get_arg func_get_args func_num_args function_exists
    register_shutdown_function class_exists class_implements class_parents class_uses enum_exists get_called_class
    get_class get_class_methods get_class_vars get_object_vars get_parent_class interface_exists is_a is_subclass_of
    method_exists property_exists trait_exists spl_autoload_register spl_object_hash spl_object_id iterator_apply
    iterator_count iterator_to_array
    basename chmod chown copy dirname fclose feof fflush fgetc fgetcsv fgets file file_exists file_get_contents
    file_put_contents fileatime filemtime fileperms filesize filetype flock fnmatch fopen fputcsv fputs fread fscanf
    fseek fstat ftell ftruncate fwrite glob is_dir is_executable is_file is_link is_readable is_writable is_writeable
    mkdir move_uploaded_file opendir parse_ini_file parse_ini_string pathinfo pclose popen readdir readfile readlink
    realpath rename rewind rmdir scandir stat stream_context_create stream_get_contents stream_get_meta_data
    stream_isatty stream_select stream_set_blocking stream_set_timeout stream_socket_client stream_wrapper_register
    sys_get_temp_dir tempnam tmpfile touch umask unlink closedir fsockopen posix_isatty posix_getpid
    checkdate date date_create date_default_timezone_get date_default_timezone_set getdate gettimeofday gmdate hrtime
    idate microtime mktime sleep strftime strtotime time usleep date_parse
    assert constant debug_backtrace define defined die error_clear_last error_get_last error_log error_reporting eval
    exit extension_loaded gc_collect_cycles get_cfg_var getenv gethostname getmypid getopt ignore_user_abort ini_get
    ini_set memory_get_peak_usage memory_get_usage php_sapi_name php_uname phpversion putenv restore_error_handler
    restore_exception_handler set_error_handler set_exception_handler set_time_limit sys_getloadavg trigger_error
    uniqid user_error version_compare zend_version sapi_windows_vt100_support exec escapeshellarg escapeshellcmd
    passthru proc_close proc_open proc_terminate proc_get_status shell_exec system
    json_decode json_encode json_last_error json_last_error_msg base64_decode base64_encode http_build_query
    parse_url rawurldecode rawurlencode urldecode urlencode get_headers header header_remove headers_sent
    headers_list http_response_code setcookie session_start session_id ob_start ob_get_clean ob_end_clean
    ob_get_contents ob_end_flush ob_get_level flush mail filter_var filter_input hash hash_algos hash_equals hash_file
    hash_hmac password_hash password_verify crypt openssl_encrypt openssl_decrypt openssl_sign curl_init curl_setopt
    curl_setopt_array curl_exec curl_close curl_error curl_errno curl_getinfo curl_share_init gzcompress gzdeflate
    gzencode gzinflate gzuncompress pack unpack inet_pton inet_ntop ip2long long2ip syslog openlog closelog
    opcache_compile_file opcache_get_status apcu_fetch apcu_store pcntl_signal pcntl_fork highlight_string
    simplexml_load_string simplexml_load_file dom_import_simplexml libxml_use_internal_errors libxml_get_errors
    utf8_encode utf8_decode ctype_punct ctype_cntrl ctype_graph ctype_print fdiv lcg_value array_any array_all
    array_find array_flip array_walk true false null PHP_EOL PHP_INT_MAX PHP_VERSION PHP_VERSION_ID PHP_OS
    PHP_OS_FAMILY DIRECTORY_SEPARATOR STDIN STDOUT STDERR E_ALL E_ERROR E_WARNING E_NOTICE
    """.split()  # noqa: SIM905
)
COMMON = frozenset(
    """
    __toString __invoke __get __set __isset __unset __clone __construct getMessage getCode getPrevious getFile getLine
    getTrace getTraceAsString format modify setTimezone getTimestamp setTimestamp getOffset diff add sub
    current next key valid rewind send getReturn getIterator count offsetGet offsetSet offsetExists offsetUnset
    bindTo bind call fromCallable jsonSerialize serialize unserialize append getArrayCopy
    getName getShortName newInstance newInstanceArgs newInstanceWithoutConstructor getMethod getMethods getProperty
    getProperties getParameters getAttributes getDocComment getNamespaceName isInstance implementsInterface
    isSubclassOf invoke invokeArgs setAccessible prepare execute fetch fetchAll fetchColumn bindValue bindParam query
    beginTransaction commit rollBack cases from tryFrom attach detach contains push pop shift unshift insert extract
    getPathname getRealPath getBasename getExtension isFile isDir isReadable getSize createElement appendChild
    """.split()  # noqa: SIM905
)
"""Methods of PHP's own classes."""
