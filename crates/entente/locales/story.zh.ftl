# 演练情景的文字记录。
story-person = { $name }，{ $role }，{ $office }
story-drafter = 起草人：{ $name }，{ $role }
story-node = { $office }的节点，因期限届满自动作出
story-quoted = “{ $words }”
story-reference = 编号：{ $reference }；承办人：{ $officer }
story-next = 待{ $party }办理：{ $what }，期限至{ $when }
story-moot = 与另一份文书在途交错，不产生效力。
story-restart = 双方节点均已停止并重新启动。
story-log = { $party }：日志{ $origin }，条目{ $entries }条，完好的检查点{ $checkpoints }个，根哈希{ $root }
story-copy = { $party }：{ $origin }的副本，条目{ $entries }条，完好的检查点{ $checkpoints }个，根哈希{ $root }
story-matched = 双方日志均有的信件{ $n }封，在途{ $pending }封；案件{ $cases }件
story-holds = 全部核验相符：双方所存案件一致，两份日志相互印证。
story-wanting = 有不相符之处，详见上文。
story-balance = 本案款项现状（{ $asset }）：{ $sums }
story-own-law = （{ $party }国内法，仅限本节点）{ $what }
