/** Keywords of the playbook language (design section 9), and what to use instead of Ansible's other ones. */

export const PLAY_KEYWORDS = [
  "name",
  "hosts",
  "vars",
  "tasks",
  "handlers",
  "tags",
  "serial",
  "any_errors_fatal",
  "max_fail_percentage",
  "gather_facts",
] as const;

/** What a task and a block share. */
const COMMON_KEYWORDS = [
  "name",
  "when",
  "vars",
  "tags",
  "notify",
  "run_once",
  "delegate_to",
  "any_errors_fatal",
  "ignore_errors",
] as const;

export const TASK_KEYWORDS = [...COMMON_KEYWORDS, "loop", "loop_control", "register", "until", "retries", "delay"] as const;
export const HANDLER_KEYWORDS = [...TASK_KEYWORDS, "listen"] as const;
export const META_KEYWORDS = ["name", "tags", "meta"] as const;
export const BLOCK_KEYWORDS = [...COMMON_KEYWORDS, "block", "rescue", "always"] as const;
export const IMPORT_TASKS_KEYWORDS = ["name", "when", "vars", "tags", "import_tasks"] as const;
export const IMPORT_PLAYBOOK_KEYWORDS = ["name", "when", "vars", "tags", "import_playbook"] as const;

const BECOME = "task types use sudo by themselves: set ansible_become and ansible_become_password in the inventory";
const LOOP = "use loop";
const VARIABLES = "put variables into vars:, group_vars/ or host_vars/, or give -e @file";
const STRATEGY = "a task always finishes on all its hosts before the next begins; --forks says how many at once";
const ROLES = "use import_tasks";
const CHANGED = "task types find out themselves what changed";
const FACTS = "facts are not gathered: probes and register give what is needed";
const DYNAMIC = "use import_tasks, which is read before anything runs";

/** Keywords and statements of Ansible that are refused, with what to use instead. */
export const REFUSED: Readonly<Record<string, string>> = {
  become: BECOME,
  become_user: BECOME,
  become_method: BECOME,
  become_flags: BECOME,
  become_exe: BECOME,
  remote_user: "set ansible_user in the inventory",
  connection: "a host's groups (apics, leaves, nodes) decide how it is reached",
  port: "set ansible_port in the inventory",
  gather_subset: FACTS,
  gather_timeout: FACTS,
  fact_path: FACTS,
  with_items: LOOP,
  with_list: LOOP,
  with_dict: "use loop with the filter dict2items",
  with_sequence: "use loop with range()",
  with_nested: LOOP,
  with_together: LOOP,
  with_fileglob: LOOP,
  with_subelements: LOOP,
  with_indexed_items: LOOP,
  with_flattened: LOOP,
  force_handlers: "handlers do not run on a host that failed; the next run makes up for them",
  strategy: STRATEGY,
  throttle: STRATEGY,
  order: STRATEGY,
  roles: ROLES,
  collections: "task types are built in: write their full name",
  pre_tasks: "put them first in tasks",
  post_tasks: "put them last in tasks",
  vars_files: VARIABLES,
  vars_prompt: VARIABLES,
  include: DYNAMIC,
  include_tasks: DYNAMIC,
  include_role: ROLES,
  import_role: ROLES,
  include_vars: VARIABLES,
  environment: "task types do not take an environment",
  no_log: "secrets are never shown: use !vault, env() or file()",
  check_mode: "run with --check",
  diff: "run with --diff or --no-diff",
  debugger: "run with --debug",
  failed_when: "use a task of type assert",
  changed_when: CHANGED,
  delegate_facts: "a registered result belongs to the host of the task: read it with hostvars",
  ignore_unreachable: "use --limit to leave a host out",
  async: "tasks run on all hosts at once; wait with the argument timeout or with until",
  poll: "wait with the argument timeout or with until",
  timeout: "task types that wait have an argument timeout",
  action: "write the task type as a key of its own",
  local_action: "use a play on localhost, or delegate_to: localhost",
  args: "write arguments below the task type",
  module_defaults: "write arguments with the task, or share them with a YAML anchor",
};

/** What `meta` can do in Ansible besides `flush_handlers`, with what to use instead. */
export const REFUSED_META: Readonly<Record<string, string>> = {
  noop: "leave it out",
  end_play: "put a condition on the tasks that follow, or make them a play of their own",
  end_batch: "put a condition on the tasks that follow",
  end_host: "put a condition on the tasks that follow, or use a task of type assert",
  end_role: ROLES,
  clear_facts: FACTS,
  clear_host_errors: "use rescue, or run again with --limit",
  refresh_inventory: "the inventory is read before anything runs: start another run",
  reset_connection: "connections are opened anew when they break",
};
