"""Names that are Ruby's own."""

from __future__ import annotations

BUILTINS = frozenset(
    """
    Object BasicObject Kernel Module Class Comparable Enumerable Enumerator Array Hash String Symbol Integer Float
    Numeric Complex Rational Range Regexp MatchData Proc Method UnboundMethod Binding NilClass TrueClass FalseClass
    Struct Data Time Date DateTime Random Math Process Signal Thread Mutex Queue SizedQueue ConditionVariable Fiber
    Ractor IO File Dir FileTest StringIO Tempfile Pathname FileUtils Marshal ObjectSpace GC RubyVM TracePoint
    Encoding Exception StandardError ArgumentError NameError NoMethodError RuntimeError TypeError IndexError
    KeyError RangeError StopIteration LocalJumpError FloatDomainError ZeroDivisionError FrozenError IOError EOFError
    SystemCallError Errno ScriptError LoadError NotImplementedError SyntaxError SecurityError SystemExit Interrupt
    SignalException SystemStackError RegexpError FiberError ThreadError EncodingError UncaughtThrowError
    NoMatchingPatternError Set SortedSet Singleton Forwardable Observable Timeout Logger JSON YAML Psych CSV ERB URI
    Shellwords OpenStruct OptionParser Open3 Benchmark SecureRandom Digest Base64 Zlib Socket TCPSocket TCPServer
    SingleForwardable UNIXSocket Etc RbConfig Gem Monitor MonitorMixin WeakRef Delegator SimpleDelegator DelegateClass
    Warning ARGV ARGF ENV STDIN STDOUT STDERR DATA RUBY_VERSION RUBY_ENGINE RUBY_PLATFORM RUBY_PATCHLEVEL
    TOPLEVEL_BINDING BigDecimal Coverage Ripper puts print p pp require require_relative load raise loop lambda proc
    format sprintf printf gets exit exit! abort at_exit catch throw rand srand sleep system exec fork spawn trap
    caller caller_locations binding block_given? __method__ __dir__ warn eval instance_eval open putc readline
    readlines select test freeze private public protected private_constant module_function using refine
    attr_accessor attr_reader attr_writer attr define_method alias_method
    """.split()  # noqa: SIM905
)
COMMON = frozenset(
    """
    puts print p pp require require_relative load raise fail loop lambda proc format sprintf printf gets exit exit!
    abort at_exit catch throw rand srand sleep system exec fork spawn trap caller caller_locations binding
    block_given? __method__ __dir__ warn eval open putc readline readlines test Integer Float String Array Hash
    Rational Complex private public protected private_constant public_class_method private_class_method
    module_function using refine attr_accessor attr_reader attr_writer attr define_method alias_method remove_method
    undef_method autoload new allocate class superclass ancestors instance_methods public_instance_methods
    instance_method method_defined? public_method_defined? private_method_defined? const_get const_set
    const_defined? constants class_eval class_exec module_eval module_exec instance_eval instance_exec
    instance_variable_get instance_variable_set instance_variable_defined? instance_variables
    remove_instance_variable send public_send __send__ method methods respond_to? respond_to_missing? is_a? kind_of?
    instance_of? nil? frozen? freeze dup clone itself tap then object_id __id__ hash inspect to_s to_str to_sym to_i
    to_int to_f to_a to_ary to_h to_hash to_proc to_enum to_r to_c to_json == != === =~ eql? equal? <=> < > <= >= +
    - * / % ** << >> ! ~ [] []= & | ^ display extend singleton_class singleton_methods define_singleton_method
    include include? included_modules prepend name each each_with_index each_with_object each_pair each_key
    each_value each_char each_line each_byte each_slice each_cons each_entry each_index reverse_each map map!
    flat_map collect collect! collect_concat select select! filter filter! filter_map reject reject! find find_all
    find_index detect partition group_by chunk_while slice_when inject reduce sum min max minmax min_by max_by sort
    sort! sort_by sort_by! uniq uniq! any? all? none? one? count first last take take_while drop drop_while zip
    cycle lazy tally entries to_set with_index with_object push pop shift unshift append insert concat delete
    delete_at delete_if keep_if clear replace fill flatten flatten! compact compact! reverse reverse! rotate sample
    shuffle slice slice! at dig values_at fetch fetch_values assoc transpose product combination permutation join
    size length empty? index rindex pack bsearch key key? has_key? value? has_value? member? keys values merge
    merge! update store default default= invert transform_values transform_keys transform_values! transform_keys!
    any compare_by_identity rehash upcase upcase! downcase downcase! capitalize capitalize! swapcase strip strip!
    lstrip rstrip chomp chomp! chop chop! chars bytes lines split sub sub! gsub gsub! tr tr_s delete_prefix
    delete_suffix squeeze start_with? end_with? match match? scan center ljust rjust unpack unpack1 encode encode!
    encoding force_encoding valid_encoding? unicode_normalize ord chr hex oct succ next pred upto downto times step
    abs ceil floor round truncate divmod modulo zero? positive? negative? even? odd? integer? nan? infinite? finite?
    coerce fdiv gcd lcm between? clamp digits bit_length call yield curry arity parameters lambda? source_location
    owner receiver unbind bind message full_message backtrace backtrace= set_backtrace cause exception read write
    close closed? flush sync sync= tty? isatty rewind seek eof? fileno getc ungetc binmode exist? exists? file?
    directory? expand_path basename dirname extname mkdir_p rm_rf now to_date to_time year month day hour sec
    strftime iso8601 utc localtime pre_match post_match captures named_captures names begin end offset synchronize
    lock unlock alive? value wakeup
    """.split()  # noqa: SIM905
)
"""Methods that every object has, and those of Ruby's own types."""
